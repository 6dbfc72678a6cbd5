import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'descriptors')

/** Names of the descriptors that come with the system. */
export const shippedNames = (): string[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.replace(/\.yaml$/, ''))
    .sort()

/** The text of one of them. Throws for a name that is none. */
export function shippedDescriptor(name: string): string {
  if (!shippedNames().includes(name)) throw new Error(`no descriptor ${name} is shipped`)
  return readFileSync(join(FOLDER, `${name}.yaml`), 'utf8')
}
