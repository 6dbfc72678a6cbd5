import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')
export const WEB_ROOT = join(ROOT, 'dist/web')
const APPS = ['patient', 'console'] as const
const SOURCES = [
  'apps/patient',
  'apps/console',
  'apps/web',
  'contract',
  'kernel',
  'package-lock.json',
]

/** Builds the web apps unless what is built was made of these very sources. Errors: throws with the builder's words. */
export async function buildWeb(): Promise<void> {
  const stamp = join(WEB_ROOT, '.sources')
  const hash = hashOfSources()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  await Promise.all(APPS.map(build))
  writeFileSync(stamp, hash)
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  for (const source of SOURCES)
    for (const file of filesIn(source)) hash.update(file).update(readFileSync(join(ROOT, file)))
  return hash.digest('hex')
}

function filesIn(path: string): string[] {
  if (path.includes('.')) return [path]
  const entries = readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .toSorted()
}

function build(app: string): Promise<void> {
  const vite = join(ROOT, 'node_modules/.bin/vite')
  const args = ['build', '--config', `apps/${app}/vite.config.ts`, '--logLevel', 'error']
  return new Promise((resolve, reject) => {
    const child = spawn(vite, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (data: Buffer) => (output += data.toString()))
    child.stderr.on('data', (data: Buffer) => (output += data.toString()))
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`the ${app} app does not build:\n${output}`)),
    )
  })
}
