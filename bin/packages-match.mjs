// Ends with 0 if node_modules holds exactly what package-lock.json asks for. npm writes down what
// it installed, without the optional packages that belong to other systems.
import { readFileSync } from 'node:fs'

const packagesIn = (path) => {
  const { '': _project, ...packages } = JSON.parse(readFileSync(path, 'utf8')).packages
  return packages
}

const wanted = packagesIn('package-lock.json')
const installed = packagesIn('node_modules/.package-lock.json')
const matches =
  Object.entries(installed).every(([path, { version }]) => wanted[path]?.version === version) &&
  Object.entries(wanted).every(([path, it]) => it.optional || it.devOptional || path in installed)
process.exitCode = matches ? 0 : 1
