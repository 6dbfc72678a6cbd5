import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const READY = 'Ctrl-C'
const START_TIMEOUT_MS = 120_000

export type Sandbox = {
  hubUrl: string
  databaseUrl: string
  /** The page of each hospital's own system, by the hospital's number. */
  hisUrls: Record<string, string>
  folder: string
  /** What it has printed so far. */
  output(): string
  /** As Ctrl-C does; resolves with the exit code. */
  stop(): Promise<number | null>
}

/** A whole region as a newcomer starts it, `bin/yiqiao up` and `more`, with its data in a folder of its own. */
export async function startSandbox(given?: string, more: string[] = []): Promise<Sandbox> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'yiqiao-sandbox-')))
  const args = ['up', '--data', folder, ...more]
  const child = spawn(join(ROOT, 'bin/yiqiao'), args, { stdio: 'pipe' })
  let output = ''
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready:\n${output}`)), START_TIMEOUT_MS)
    const read = (data: Buffer) => {
      output += data.toString()
      if (!output.includes(READY)) return
      clearTimeout(timer)
      resolve()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void ended.then((code) => {
      clearTimeout(timer)
      reject(new Error(`ended with ${code}:\n${output}`))
    })
  })
  await ready
  const written = await readFile(join(folder, 'sandbox.json'), 'utf8')
  const { hubUrl, databaseUrl, hisUrls } = JSON.parse(written) as Written
  return {
    hubUrl,
    databaseUrl,
    hisUrls,
    folder,
    output: () => output,
    async stop() {
      child.kill('SIGINT')
      const code = await ended
      if (!given) await rm(folder, { recursive: true, force: true })
      return code
    },
  }
}

type Written = Pick<Sandbox, 'hubUrl' | 'databaseUrl' | 'hisUrls'>
