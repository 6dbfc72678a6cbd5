import { spawn } from 'node:child_process'

/** A check of the source as a whole, as opposed to a test. */
export type Stage = { name: string; command: readonly [string, ...string[]] }

export type StageResult = { name: string; passed: boolean; elapsedMs: number; output: string }

/**
 * Runs stages, `width` at a time, and reports each as a whole, in the order given, as soon as it
 * and all before it are done: so that no two outputs mix.
 */
export async function runStages(
  stages: readonly Stage[],
  { width, report }: { width: number; report: (result: StageResult) => void },
): Promise<StageResult[]> {
  const running: Promise<StageResult>[] = []
  for (const [index, stage] of stages.entries()) {
    // Each waits for a place: that of any stage before it which is done.
    const place = index < width ? Promise.resolve() : nthDone(running, index - width + 1)
    running.push(place.then(() => runStage(stage)))
  }
  const results: StageResult[] = []
  for (const stage of running) {
    const result = await stage
    report(result)
    results.push(result)
  }
  return results
}

/** Resolves when `count` of the promises have. */
function nthDone(promises: readonly Promise<unknown>[], count: number): Promise<void> {
  return new Promise((resolve) => {
    let done = 0
    const onDone = () => {
      if (++done === count) resolve()
    }
    for (const promise of promises) void promise.then(onDone)
  })
}

async function runStage({ name, command: [file, ...args] }: Stage): Promise<StageResult> {
  const started = performance.now()
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const collect = (chunk: string) => void (output += chunk)
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  const passed = await new Promise<boolean>((resolve) => {
    child.once('close', (code) => resolve(code === 0))
    child.once('error', (error) => {
      collect(`${error.message}\n`)
      resolve(false)
    })
  })
  return { name, passed, elapsedMs: performance.now() - started, output }
}
