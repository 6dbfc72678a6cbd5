import { beforeAll, describe, expect, it } from 'vitest'

import { runSelfTest, type SelfTested } from '../../apps/cli/hospital/self-test.ts'
import { PLANTED } from '../../apps/simulators/his/planted/index.ts'
import { conformanceChecks } from '../../modules/hospitals/index.ts'

const MOST_CPU_SECONDS = 60
let results: SelfTested[]
let cpuSeconds: number

beforeAll(async () => {
  const before = process.cpuUsage()
  results = await runSelfTest({ bigDay: 501 })
  const { user, system } = process.cpuUsage(before)
  cpuSeconds = (user + system) / 1_000_000
}, 900_000)

it('[H3] the reference simulator passes everything that can be tried', () => {
  const reference = results.find(({ name }) => name === 'reference')
  expect(reference?.failed).toEqual([])
  expect(reference?.report.isConformant).toBe(true)
  expect(reference?.report.notOffered).toEqual([])
  const skipped = reference?.report.checks.filter(({ outcome }) => outcome === 'skipped') ?? []
  expect(skipped.map(({ id }) => id)).toEqual(['his.notices.form'])
})

describe('[H3] a planted hospital that is wrong in one point', () => {
  it('is one of twelve or more, each with checks that exist', () => {
    expect(PLANTED.length).toBeGreaterThanOrEqual(12)
    const ids = new Set(conformanceChecks.map(({ id }) => id))
    const named = PLANTED.flatMap(({ failsIn }) => failsIn)
    expect(named.filter((id) => !ids.has(id))).toEqual([])
    expect(new Set(PLANTED.map(({ name }) => name)).size).toBe(PLANTED.length)
  })

  it.each(PLANTED.map(({ name, failsIn }) => [name, failsIn] as const))(
    '%s fails exactly there',
    (name, failsIn) => {
      const tested = results.find((result) => result.name === name)
      expect(tested?.failed.toSorted()).toEqual(failsIn.toSorted())
      for (const check of tested?.report.checks ?? []) {
        if (check.outcome !== 'failed') continue
        expect(check.paragraph).toMatch(/^§/)
        expect(check.failure.sent).not.toBe('')
        expect(check.failure.came).not.toBe('')
      }
    },
  )
})

it('says nothing of a person in any report', () => {
  const text = JSON.stringify(results.map(({ report }) => report))
  expect(text).not.toMatch(/[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]/)
})

it('costs less than a minute of the processor', () => {
  expect(cpuSeconds).toBeLessThan(MOST_CPU_SECONDS)
})
