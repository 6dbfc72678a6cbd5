import { describe, expect, it } from 'vitest'

import { seededRandom } from '../../../kernel/random.ts'
import type { Ask } from '../interface/ask.ts'
import type { HisAnswer } from '../interface/data.ts'
import { OPERATION_NAMES, type OperationName } from '../interface/operations.ts'
import { type Check, checksOf } from './check.ts'
import { conformanceChecks } from './checks.ts'
import { type Fixtures, readFixtures } from './fixtures.ts'
import { noHands } from './hands.ts'
import { idCardNoOf, shortIdCardNo } from './id-card.ts'
import { CheckFailure, NotPrepared, NotTried, okOf } from './outcome.ts'
import { conformancePage } from './page.ts'
import { runConformance } from './run.ts'

const fixtures: Fixtures = {
  patients: [
    { idCardNo: '110101199001010015', name: '测试甲' },
    { idCardNo: '110101199001010023', name: '测试乙' },
  ],
}

/** A hospital that answers by a table, and NOT_SUPPORTED to all else. */
const scripted =
  (said: Partial<Record<OperationName, unknown>>): Ask =>
  <T>(_call: unknown, question: Parameters<Ask>[1]): Promise<HisAnswer<T>> => {
    const data = said[question.name]
    if (data === undefined) {
      return Promise.resolve({ outcome: 'refused', code: 'not_supported', detail: { message: '' } })
    }
    const read = question.read(data)
    return Promise.resolve(
      'value' in read
        ? { outcome: 'ok', data: read.value as T }
        : { outcome: 'unknown', reason: read.problem },
    )
  }

const run = (ask: Ask, checks?: readonly Check[], prepared: Fixtures = fixtures) =>
  runConformance(
    { ask, door: null },
    prepared,
    {
      clock: { now: () => new Date('2026-11-23T09:00:00+08:00') },
      followTime: () => {},
      random: seededRandom('conformance'),
      hands: noHands,
      listener: null,
    },
    checks,
  )

const check = checksOf('billing')
const failing = (operation: OperationName, error: Error): Check =>
  check(operation, 'planted', ['试', 'try'], () => Promise.reject(error))

describe('the checks', () => {
  it('have each an id of their own, words in both languages and a paragraph', () => {
    const ids = conformanceChecks.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { title, paragraph } of conformanceChecks) {
      expect(title.zh).toMatch(/[\p{Script=Han}\d]/u)
      expect(title.en).toMatch(/^[\x20-\x7e]+$/)
      expect(paragraph).toMatch(/^§[123]/)
    }
  })

  it('[H3] try every operation of the table', () => {
    const tried = new Set(conformanceChecks.map(({ operation }) => operation))
    expect(OPERATION_NAMES.filter((name) => !tried.has(name))).toEqual([])
  })
})

describe('a run', () => {
  it('skips what is not offered, names what payments cannot do without, and is not conformant without it', async () => {
    const report = await run(scripted({ heartbeat: { at: '2026-11-23T09:00:00+08:00' } }))
    expect(report.failed).toBe(0)
    expect(report.passed).toBe(1)
    expect(report.isConformant).toBe(false)
    expect(report.unproven).toContain('bills.writeBack')
    expect(report.unproven).not.toContain('heartbeat')
    expect(report.unproven).not.toContain('slots.lock')
    expect(report.notOffered).toContain('patients.resolve')
    const wire = report.checks.find(({ id }) => id === 'heartbeat.replayed')
    expect(wire).toMatchObject({ outcome: 'skipped', reason: { zh: expect.any(String) } })
  })

  it('says what was sent, what came and what was expected', async () => {
    const report = await run(scripted({ heartbeat: { at: '2026-11-23T08:00:00+08:00' } }))
    const beat = report.checks.find(({ id }) => id === 'heartbeat.answer')
    expect(beat).toMatchObject({
      outcome: 'failed',
      paragraph: '§2.1 heartbeat',
      failure: {
        expected: 'at most 300 s off',
        sent: 'heartbeat {}',
        came: expect.stringContaining('2026-11-23T08:00:00+08:00'),
      },
    })
  })

  it('never writes down a name or an identity number', async () => {
    const patient = { patientNo: 'P1', name: '别人', cardNo: 'C1' }
    const text = JSON.stringify(await run(scripted({ 'patients.resolve': patient })))
    expect(text).toContain('patients.resolve.answer')
    expect(text).not.toMatch(/110101199001010015|测试甲|别人/)
  })

  it('blames a check that cannot be tried on the operation that stopped it', async () => {
    const blocked = failing('bills.list', new NotPrepared('bills.get', 'unknown: silence'))
    const culprit = failing('bills.get', new CheckFailure('a bill', 'OK', 'unknown: silence'))
    const both = await run(scripted({}), [blocked, culprit])
    expect(both.checks.map(({ outcome }) => outcome)).toEqual(['skipped', 'failed'])
    const alone = await run(scripted({}), [blocked])
    expect(alone.checks).toMatchObject([
      { outcome: 'failed', failure: { found: 'unknown: silence' } },
    ])
  })

  it('tries nothing behind a gate that is not passed', async () => {
    const gate = { ...failing('heartbeat', new CheckFailure('it', 'signed', 'not')), isGate: true }
    const open = check('bills.get', 'x', ['试', 'try'], () => Promise.resolve())
    const report = await run(scripted({}), [gate, open])
    expect(report.checks).toMatchObject([{ outcome: 'failed' }, { outcome: 'skipped' }])
  })

  it('fails a check that throws what nobody foresaw, and goes on', async () => {
    const broken = failing('bills.get', new TypeError('undefined is not'))
    const fine = check('bills.list', 'x', ['试', 'try'], () => Promise.resolve())
    const nothing = failing('bills.preSettle', new NotTried({ zh: '无', en: 'nothing' }))
    const report = await run(scripted({}), [broken, fine, nothing])
    expect(report.checks).toMatchObject([
      { outcome: 'failed', failure: { found: 'TypeError: undefined is not' } },
      { outcome: 'passed' },
      { outcome: 'skipped', reason: { en: 'nothing' } },
    ])
    expect(report.scores).toEqual([
      {
        subject: 'billing',
        title: { zh: '结算', en: 'Bills and payments' },
        passed: 1,
        failed: 1,
        skipped: 1,
      },
    ])
    expect(report.isConformant).toBe(false)
  })

  it('counts a failure that was declared as skipped, and says so', async () => {
    const id = 'bills.get.planted'
    const wrong = failing('bills.get', new CheckFailure('a bill', 'OK', 'unknown: silence'))
    const deviations = [{ check: id, reason: '旧系统没有账单明细' }]
    const report = await run(scripted({}), [wrong], { ...fixtures, deviations })
    expect(report.checks).toMatchObject([
      { id, outcome: 'skipped', reason: { zh: '已声明的差异：旧系统没有账单明细' } },
    ])
    expect(report.declared).toMatchObject([{ check: id, failure: { found: 'unknown: silence' } }])
    expect(report).toMatchObject({ failed: 0, isConformant: false })
    expect(report.unproven).toContain('bills.get')
  })

  it('tells of each check as it begins and ends', async () => {
    const steps: string[] = []
    const one = check('bills.get', 'x', ['试', 'try'], () => Promise.resolve())
    await runConformance(
      { ask: scripted({}), door: null },
      fixtures,
      {
        clock: { now: () => new Date('2026-11-23T09:00:00+08:00') },
        followTime: () => {},
        random: seededRandom('conformance'),
        hands: noHands,
        listener: null,
        onStep: ({ at, id, outcome }) => steps.push(`${at} ${id} ${outcome ?? ''}`),
      },
      [one],
    )
    expect(steps).toEqual(['begun bills.get.x ', 'done bills.get.x passed'])
  })
})

describe('the page', () => {
  it('shows what failed, with all from outside escaped', async () => {
    const evil = '<script>alert(1)</script>'
    const report = await run(scripted({}), [
      failing('bills.get', new CheckFailure(evil, '"a" & b', evil)),
    ])
    const page = conformancePage(report, evil)
    expect(page).not.toContain('<script>')
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page).toContain('尚不符合标准接口')
    expect(page).toContain('§2.1 bills.get')
  })
})

describe('what a vendor prepares', () => {
  it('is read, or refused by the place that is wrong and never by its value', () => {
    expect(readFixtures(fixtures)).toEqual({ fixtures })
    expect(readFixtures({ patients: fixtures.patients.slice(0, 1) })).toMatchObject({
      problem: expect.stringContaining('/patients'),
    })
    const secret = readFixtures({ ...fixtures, hands: { url: 'http://x', tokn: 'secret' } })
    expect(JSON.stringify(secret)).not.toContain('secret')
  })
})

it('makes identity numbers with their check character', () => {
  expect(idCardNoOf('110105', '19491231', '002')).toBe('11010519491231002X')
  expect(shortIdCardNo('11010519491231002X')).toBe('110105491231002')
})

it('finds the data of an answer only where it is OK', () => {
  expect(() => okOf('bills.get', { outcome: 'unknown', reason: 'silence' }, 'a bill')).toThrow(
    CheckFailure,
  )
})
