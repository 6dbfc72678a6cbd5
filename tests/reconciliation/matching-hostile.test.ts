import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { DAY_RULES, TWO_SIDES_RULES } from '../../modules/reconciliation/matching/default-rules.ts'
import { matchSides } from '../../modules/reconciliation/matching/match-sides.ts'
import { CSV_HEADER, type NormalisedRow } from '../../modules/reconciliation/matching/row.ts'
import { readRules } from '../../modules/reconciliation/matching/rules.ts'
import { writeSides } from '../../modules/reconciliation/testing/planted-sides.ts'

const DATE = businessDate('2026-11-20')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matching-'))
})
afterAll(() => rm(folder, { recursive: true }))

const options = (over: { mostOpen?: number } = {}) => ({
  memoryLimitMb: 256,
  threads: 2,
  folder,
  businessDate: DATE,
  mostOpen: 1_000,
  ...over,
})

const row = (
  ourNo: string | null,
  amountFen = 100,
  over: Partial<NormalisedRow> = {},
): NormalisedRow => ({
  lineNo: 1,
  kind: 'charge',
  ourNo,
  providerNo: null,
  amountFen: fen(amountFen),
  feeFen: null,
  occurredAt: null,
  businessDate: DATE,
  account: null,
  memo: null,
  ...over,
})

async function matchText(provider: string) {
  const [hub] = await writeSides(folder, { hub: [row('N1')] })
  const path = join(folder, 'provider.csv')
  writeFileSync(path, provider)
  return matchSides(
    [...(hub ? [hub] : []), { name: 'provider', files: [path], sha256: '' }],
    TWO_SIDES_RULES,
    options(),
  )
}

const line = (over: Partial<Record<'no' | 'kind' | 'ourNo' | 'amount' | 'fee' | 'memo', string>>) =>
  `${over.no ?? 1},${over.kind ?? 'charge'},${over.ourNo ?? 'N1'},,${over.amount ?? 100},${over.fee ?? ''},,2026-11-20,,${over.memo ?? ''}\n`

describe('a normalised file that is none', () => {
  it.each([
    ['no file of this form', 'hello\n'],
    ['nothing at all', ''],
    [
      'columns in another order',
      `${CSV_HEADER.replace('amount_fen,fee_fen', 'fee_fen,amount_fen')}${line({})}`,
    ],
    ['an amount with a point', CSV_HEADER + line({ amount: '1.5' })],
    ['an amount beyond 2^53', CSV_HEADER + line({ amount: '9007199254740993' })],
    ['an amount beyond all', CSV_HEADER + line({ amount: '9'.repeat(400) })],
    ['an amount in powers', CSV_HEADER + line({ amount: '1e3' })],
    ['an amount in hexadecimal', CSV_HEADER + line({ amount: '0x64' })],
    ['an amount of 1e2, as long as 100', CSV_HEADER + line({ amount: '1e2' })],
    ['a fee with a point', CSV_HEADER + line({ ourNo: 'N2', fee: '0.5' })],
    ['a charge below zero', CSV_HEADER + line({ amount: '-100' })],
    ['no amount', `${CSV_HEADER}1,charge,N1,,,,,2026-11-20,,\n`],
    ['a fee beyond 2^53', CSV_HEADER + line({ ourNo: 'N2', fee: '9007199254740993' })],
    ['a kind there is none of', CSV_HEADER + line({ kind: 'gift' })],
    ['no kind', `${CSV_HEADER}1,,N1,,100,,,2026-11-20,,\n`],
    ['a NUL in a number', CSV_HEADER + line({ ourNo: 'N\u00001' })],
    ['a NUL in a memo', CSV_HEADER + line({ ourNo: 'N2', memo: 'a\u0000b' })],
    ['a line that is too short', `${CSV_HEADER}1,charge,N1\n`],
    ['a line that is too long', CSV_HEADER + line({ memo: 'x'.repeat(5_000_000) })],
    ['a quote without an end', CSV_HEADER + line({ memo: '"a' }) + line({ ourNo: 'N2' })],
  ])('%s is refused whole, by its side', async (_what, text) => {
    await expect(matchText(text)).rejects.toMatchObject({
      code: 'reconciliation.matching_side_unreadable',
      params: { side: expect.stringContaining('provider') as string },
    })
  })

  it('bytes that are no UTF-8 are refused', async () => {
    const path = join(folder, 'gbk.csv')
    writeFileSync(
      path,
      Buffer.concat([Buffer.from(CSV_HEADER), Buffer.from(line({ memo: '\u00ff' }), 'latin1')]),
    )
    const side = { name: 'provider', files: [path], sha256: '' }
    const sides = [...(await writeSides(folder, { hub: [] })), side]
    await expect(matchSides(sides, TWO_SIDES_RULES, options())).rejects.toMatchObject({
      code: 'reconciliation.matching_side_unreadable',
    })
  })

  it('a side that was not given, or twice, is named', async () => {
    const [hub] = await writeSides(folder, { hub: [] })
    const given = hub ? [hub] : []
    for (const [sides, side] of [
      [given, 'provider'],
      [[...given, ...given], 'hub'],
    ] as const) {
      await expect(matchSides(sides, TWO_SIDES_RULES, options())).rejects.toMatchObject({
        code: 'reconciliation.matching_side_unreadable',
        params: { side },
      })
    }
  })

  it('a file that is not there is named', async () => {
    const side = { name: 'provider', files: [join(folder, 'gone.csv')], sha256: '' }
    const sides = [...(await writeSides(folder, { hub: [] })), side]
    await expect(matchSides(sides, TWO_SIDES_RULES, options())).rejects.toMatchObject({
      code: 'reconciliation.matching_side_unreadable',
      params: { side: 'provider' },
    })
  })

  it('what is only text stays text, whatever it says', async () => {
    const found = await matchText(
      CSV_HEADER + line({ ourNo: `"'); drop table rest; --"`, memo: '=1+1' }),
    )
    expect(found.differences.map((d) => `${d.class} ${d.key}`)).toEqual([
      "provider_only '); drop table rest; --",
      'hub_only N1',
    ])
  })
})

describe('sizes', () => {
  it('empty sides agree', async () => {
    const sides = await writeSides(folder, { hub: [], provider: [], his: [], bank: [] })
    const found = await matchSides(sides, DAY_RULES, options())
    expect(found.differences).toEqual([])
    expect(found.closures).toEqual([])
  })

  it('a number that stands 200,000 times on each side costs its rows, not their product', async () => {
    const many = Array.from({ length: 200_000 }, (_, i) => row('N1', 100, { lineNo: i + 1 }))
    const sides = await writeSides(folder, { hub: many, provider: many })
    const found = await matchSides(sides, TWO_SIDES_RULES, options())
    expect(found.differences.map((d) => [d.class, d.sides, d.atStakeFen])).toEqual([
      ['duplicate_hub', { hub: { lines: 199_999, amountFen: 19_999_900 } }, 19_999_900],
      ['duplicate_provider', { provider: { lines: 199_999, amountFen: 19_999_900 } }, 19_999_900],
    ])
    for (const { rows } of found.differences) expect(rows.length).toBeLessThanOrEqual(20)
  }, 240_000)

  it('of many rows of a number, the one that agrees is found wherever it stands', async () => {
    const many = Array.from({ length: 500 }, (_, i) => row('N1', 1_000 - i, { lineNo: i + 1 }))
    const sides = await writeSides(folder, { hub: [row('N1', 777)], provider: many })
    const found = await matchSides(sides, TWO_SIDES_RULES, options())
    expect(found.differences.map((d) => [d.class, d.sides.provider?.lines])).toEqual([
      ['duplicate_provider', 499],
    ])
  })

  it('files that do not belong together are refused, with or without numbers', async () => {
    const rows = (prefix: string | null) =>
      Array.from({ length: 800 }, (_, i) =>
        row(prefix && `${prefix}${i}`, 100 + i, { lineNo: i + 1 }),
      )
    const others = await writeSides(folder, { hub: rows('A'), provider: rows('B') })
    await expect(matchSides(others, TWO_SIDES_RULES, options())).rejects.toMatchObject({
      code: 'reconciliation.matching_too_different',
      params: { open: 1_600, most: 1_000 },
    })
    const bare = await writeSides(folder, { hub: rows(null), provider: rows(null) })
    await expect(matchSides(bare, TWO_SIDES_RULES, options())).rejects.toMatchObject({
      code: 'reconciliation.matching_too_different',
    })
  })

  it('equal amounts at one time without numbers are not guessed at', async () => {
    const at = { occurredAt: '2026-11-20T12:00:00+08:00' }
    const hub = Array.from({ length: 400 }, (_, i) => row(`N${i}`, 100, at))
    const bare = Array.from({ length: 400 }, (_, i) => row(null, 100, { ...at, lineNo: i + 1 }))
    const sides = await writeSides(folder, { hub, provider: bare, his: [], bank: [] })
    const found = await matchSides(sides, DAY_RULES, options())
    expect(new Set(found.differences.map((d) => d.class))).toEqual(
      new Set(['ambiguous', 'hub_only']),
    )
  })
})

describe('rules', () => {
  it.each([
    ['another form', { id: 'x' }],
    ['a side there is none of', { ...TWO_SIDES_RULES, sides: TWO_SIDES_RULES.sides.slice(0, 1) }],
    ['a name with a quote', { ...TWO_SIDES_RULES, id: "x'" }],
    [
      'one name for two rules',
      {
        ...TWO_SIDES_RULES,
        relations: [...TWO_SIDES_RULES.relations, ...TWO_SIDES_RULES.relations],
      },
    ],
    [
      'a tolerance of yuan',
      { ...TWO_SIDES_RULES, relations: [{ ...TWO_SIDES_RULES.relations[0], toleranceFen: 1_000 }] },
    ],
  ])('of %s are refused', (_what, rules) => {
    expect(() => readRules(rules)).toThrow(/matching_rules_invalid/)
  })

  it('ours are as they must be, and a tolerance is kept and counted', async () => {
    expect(readRules(DAY_RULES)).toBe(DAY_RULES)
    const [relation] = TWO_SIDES_RULES.relations
    const rules = readRules({ ...TWO_SIDES_RULES, relations: [{ ...relation, toleranceFen: 1 }] })
    const sides = await writeSides(folder, {
      hub: [row('N1'), row('N2')],
      provider: [row('N1', 101), row('N2', 102)],
    })
    const found = await matchSides(sides, rules, options())
    expect(found.differences.map((d) => `${d.class} ${d.key}`)).toEqual(['amount_provider N2'])
    expect(found.closures[0]?.gaps).toEqual({
      amount_provider: { lines: 0, amountFen: 2 },
      matched: { lines: 0, amountFen: 1 },
    })
  })
})
