import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'

import { runStages, type Stage, type StageResult } from './stages.ts'
import { parseReport, sumTallies, summaryLine, type Tally, tallyTests } from './summary.ts'

// What bin/test runs once packages and browser are there: checks of the source, then all tests.

const REPORT = '.cache/vitest.json'

const STAGES = ['format:check', 'lint', 'types', 'architecture', 'unused'].map((script): Stage => ({
  name: script,
  command: ['npm', 'run', '--silent', script],
}))

const { quick, filters } = readArguments(process.argv.slice(2))
const tallies: Tally[] = []
if (filters.length === 0) {
  for (const { passed } of await runStages(STAGES, { width: 2, report: printStage })) {
    tallies.push({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 })
  }
}
tallies.push(await runTests())
const tally = sumTallies(tallies)
sayWhatWasLeftOut()
print(summaryLine(tally))
process.exitCode = tally.failed > 0 ? 1 : 0

/** Streams what vitest says to the terminal, and counts by the report it leaves. */
async function runTests(): Promise<Tally> {
  const started = performance.now()
  await rm(REPORT, { force: true })
  const args = [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${REPORT}`,
    ...(quick ? ['--project=parts'] : []),
    ...filters,
  ]
  const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const exitCode = await new Promise<number | null>((resolve) => vitest.once('close', resolve))
  const tests = tallyTests(parseReport(await readFile(REPORT, 'utf8').catch(() => '')), exitCode)
  printResult('tests', tests.failed === 0, performance.now() - started)
  return tests
}

function printStage({ name, passed, elapsedMs, output }: StageResult) {
  printResult(name, passed, elapsedMs)
  if (!passed) print(output.trimEnd())
}

function printResult(name: string, passed: boolean, elapsedMs: number) {
  print(`${passed ? '✓' : '✗'} ${name} ${Math.round(elapsedMs / 100) / 10} s`)
}

function sayWhatWasLeftOut() {
  if (filters.length > 0) {
    print(
      '!! 仅运行指定的测试。/ Only the tests asked for: the checks of the source were left out.',
    )
  } else if (quick) {
    print('!! 快速模式：未运行旅程与浏览器测试。/ Quick: journeys and browser tests were left out.')
  } else if (process.env.YIQIAO_SKIP_BROWSER) {
    print(
      '!! 浏览器测试已跳过：没有浏览器或中文字体。/ Browser tests were SKIPPED: no browser or font.',
    )
  }
}

function readArguments(args: string[]) {
  return { quick: args.includes('--quick'), filters: args.filter((arg) => arg !== '--quick') }
}

function print(text: string) {
  process.stdout.write(`${text}\n`)
}
