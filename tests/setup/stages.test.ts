import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { runStages, type Stage } from './stages.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'yiqiao-stages-'))
})
afterAll(() => rm(dir, { recursive: true }))

const shell = (name: string, script: string): Stage => ({ name, command: ['sh', '-c', script] })

it('reports in order what ends out of order, with all that each one said', async () => {
  const reported: string[] = []
  const results = await runStages(
    [
      shell('slow', 'echo one; sleep 0.3; echo two >&2'),
      shell('quick', 'echo three'),
      shell('bad', 'echo four; exit 3'),
      { name: 'missing', command: ['/no/such/program'] },
    ],
    { width: 2, report: ({ name }) => reported.push(name) },
  )
  expect(reported).toEqual(['slow', 'quick', 'bad', 'missing'])
  expect(results.map((r) => r.passed)).toEqual([true, true, false, false])
  expect(results.map((r) => r.output).slice(0, 3)).toEqual(['one\ntwo\n', 'three\n', 'four\n'])
  expect(results[3]?.output).toContain('ENOENT')
  expect(results[0]?.elapsedMs).toBeGreaterThan(250)
})

it('never runs more at once than it may, and leaves no place empty', async () => {
  // Each takes a folder as its place, and fails if it finds both taken.
  const script = `
    for place in 1 2; do
      if mkdir ${dir}/$place 2>/dev/null; then sleep 0.3; rmdir ${dir}/$place; exit 0; fi
    done
    exit 1`
  const stages = Array.from({ length: 6 }, (_, i) => shell(`stage ${i}`, script))
  const started = performance.now()
  const results = await runStages(stages, { width: 2, report: () => {} })
  expect(results.map((r) => r.passed)).toEqual(stages.map(() => true))
  expect(performance.now() - started).toBeLessThan(6 * 300)
})
