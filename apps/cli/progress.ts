// What a command says while it works: to standard error, so that standard output stays for results.

const write = (text: string) => void process.stderr.write(text)

/** Says what is being done, and how long it took. */
export async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = process.hrtime.bigint()
  const seconds = () => `${(Number(process.hrtime.bigint() - started) / 1e9).toFixed(1)} s`
  if (process.stderr.isTTY) write(`  ◌ ${what} …`)
  try {
    const result = await work()
    write(`${lineStart()}  ✔ ${what} ${seconds()}\n`)
    return result
  } catch (error) {
    write(`${lineStart()}  ✘ ${what} ${seconds()}\n`)
    throw error
  }
}

/** Over what stands there, which may be a bar. */
const lineStart = () => (process.stderr.isTTY ? '\r\x1b[K' : '')

export const say = (line: string) => write(`${line}\n`)

const BAR_WIDTH = 30

/** A bar on a terminal; silent elsewhere. */
export function progressBar(label: string) {
  return {
    show(done: number, total: number, note = '') {
      if (!process.stderr.isTTY) return
      const filled = Math.round((BAR_WIDTH * done) / Math.max(total, 1))
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled)
      write(`\r${label} ${bar} ${done}/${total} ${note}\x1b[K`)
    },
    end() {
      if (process.stderr.isTTY) write('\n')
    },
  }
}
