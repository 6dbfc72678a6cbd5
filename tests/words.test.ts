import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import enCredit from '../apps/patient/locales/en/credit.json' with { type: 'json' }
import enPatient from '../apps/patient/locales/en/patient.json' with { type: 'json' }
import zhCredit from '../apps/patient/locales/zh-CN/credit.json' with { type: 'json' }
import zhPatient from '../apps/patient/locales/zh-CN/patient.json' with { type: 'json' }
import en from '../apps/web/locales/en/console.json' with { type: 'json' }
import zh from '../apps/web/locales/zh-CN/console.json' with { type: 'json' }
import hub from '../contract/hub.json' with { type: 'json' }
import { BENEFIT_KINDS } from '../modules/benefits/programme.ts'
import { REFUSALS } from '../modules/coverage/insurer.ts'
import { LENDER_REFUSALS } from '../modules/credit/lender.ts'
import { ACCOUNT_KINDS } from '../modules/deposits/account.ts'
import { REFUSALS as HIS_REFUSALS, OPERATIONS } from '../modules/hospitals/index.ts'
import { REFUND_CAUSES } from '../modules/payments/refund/refund.ts'

// Every code that can reach the staff has words in both languages. What the codes are is read from the code itself: a
// new reason in a machine or a new refusal of an adapter fails here until somebody has said it in words. Named errors
// are walked by tidy.test.ts.

const ROOT = join(import.meta.dirname, '..')

type Words = { [key: string]: string | Words }

const LANGUAGES: [string, Words][] = [
  ['Chinese', zh],
  ['English', en],
]

/** The program's own files below a folder, without its tests. */
const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.test\.|(^|\/)testing\//.test(path))
    .map((path) => join(ROOT, folder, path))

const sourcesIn = (...folders: string[]): string =>
  folders
    .flatMap(filesIn)
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')

const found = (text: string, ...patterns: RegExp[]): string[] => [
  ...new Set(
    patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, code = '']) => code)),
  ),
]

/** Why the machines of payments and refunds stop, fail or call a person. */
const machineCodes = () =>
  found(
    sourcesIn('modules/payments'),
    /call_a_person', reason: '([a-z_]+)'/g,
    /failureCode: (?:[\w.]+ \?\? )?'([a-z_]+)'/g,
    /forAPerson\(\w+, (?:[\w.]+ \?\? )?'([a-z_]+)'/g,
    /callAPerson\w*\([^)]*?'([a-z_]+)'/g,
    /MERCHANT_LACKS_MONEY = '([a-z_]+)'/g,
  )

/** What adapters and sources decline with: a payment fails with it, or a refund waits for a person. */
const declineCodes = () => [
  ...found(
    sourcesIn(
      'adapters/channels',
      'modules/insurance',
      'modules/channels',
      'modules/coverage',
      'modules/benefits',
      'modules/deposits',
    ),
    /outcome: 'declined',\s*code: '([a-z0-9_]+)'/g,
    /[^.\w]declined\('([a-z0-9_]+)'/g,
  ),
  ...found(
    tablesOfAdapters(),
    // One of these becomes the answer once the query knows of nothing.
    /^ {2}\[.*'(?:declined|ask)', '([a-z0-9_]+)'\]/gm,
    /^ {2}\['\d\d', '([a-z0-9_]+)'\],/gm,
    /^ {4}(?:'\d\d'|A\d): '([a-z0-9_]+)',/gm,
  ),
]

/** What whoever pays a part beside the payer declines a charge with: the payer reads these. */
const declinesOfPayers = () => [
  ...found(
    sourcesIn('modules/coverage', 'modules/benefits', 'modules/deposits'),
    /outcome: 'declined', code: '([a-z_]+)'/g,
    /[^.\w]declined\('([a-z_]+)'/g,
    /decline = \{ code: '([a-z_]+)'/g,
    /new UsedUp\(tender, '([a-z_]+)'\)/g,
  ),
  ...(/refusal = isOpen \? '(\w+)' : '(\w+)'/.exec(sourcesIn('modules/deposits')) ?? []).slice(1),
]

/** Every value of a union of literals, such as `type Bar = | 'a' // why | 'b'`. */
function unionIn(file: string, name: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8').replaceAll(/\/\/.*/g, '')
  const union = new RegExp(`type ${name} =((?:\\s*\\| '[a-z_]+')+)`).exec(text)?.[1] ?? ''
  return found(union, /'([a-z_]+)'/g)
}

/** Why an insurer, a programme or a deposit pays nothing, and what they say of what they pay. */
function quoteCodes(provider: 'commercial' | 'benefits' | 'deposit') {
  const text = sourcesIn(FOLDER_OF_SOURCE[provider])
  const off = found(text, /notAvailable\('([a-z_]+)'/g, /\?\? '(no_benefit)'/g)
  const said = found(text, /code: '((?:commercial|benefit)_[a-z_]+)'/g)
  const other = found(
    text,
    /\? '((?:commercial|benefit)_[a-z_]+)'/g,
    / : '((?:commercial|benefit)_[a-z_]+)'/g,
  )
  const reasons = [...new Set([...said, ...other])]
  switch (provider) {
    case 'commercial': {
      const bars = unionIn('modules/coverage/benefit.ts', 'Bar')
      const refusals = [...REFUSALS]
      return {
        off: [...off, ...bars, ...refusals, 'no_consent'],
        reasons: [...reasons, ...bars.map((bar) => `commercial_${bar}`)],
      }
    }
    case 'benefits': {
      const kinds = BENEFIT_KINDS.map((kind) => `benefit_${kind}`)
      return { off: [...off, ...reasons], reasons: [...reasons, ...kinds] }
    }
    case 'deposit':
      return { off, reasons: ACCOUNT_KINDS.map((kind) => `deposit_${kind}`) }
  }
}

const FOLDER_OF_SOURCE = {
  commercial: 'modules/coverage',
  benefits: 'modules/benefits',
  deposit: 'modules/deposits',
}

/** The tables that say what each provider's own codes mean. */
const tablesOfAdapters = (): string =>
  filesIn('adapters/channels')
    .filter((path) => /(?:translation|refusals)\.ts$/.test(path))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')

/** What the hospital's system refuses with, of whatever is asked of it. */
const hospitalCodes = (): string[] => [...HIS_REFUSALS.values()]

/** The same where money is concerned: what any question may meet, and what its operations name. */
const moneyCodes = (): string[] => {
  const named = Object.values(OPERATIONS)
    .filter(({ subject }) => subject === 'billing' || subject === 'refund')
    .flatMap(({ refusals }) => refusals)
  const always = ['invalid_request', 'signature_invalid', 'replayed', 'not_supported']
  return [...new Set([...always, ...named])]
}

/** The values that a part of the contract may have. */
function valuesOf(schema: string, ...path: string[]): string[] {
  const schemas: Record<string, unknown> = hub.components.schemas
  const node = path.reduce<unknown>(
    (at, key) => (at as Record<string, unknown> | undefined)?.[key],
    schemas[schema],
  )
  return (node as { enum?: string[] } | undefined)?.enum ?? []
}

const at = (words: Words, path: string): unknown =>
  path.split('.').reduce<unknown>((node, key) => (node as Words | undefined)?.[key], words)

describe.each(LANGUAGES)('in %s there are words', (_language, words) => {
  const without = (group: string, codes: readonly string[]) =>
    codes.filter((code) => typeof at(words, `${group}.${code}`) !== 'string')

  it.each<[string, () => string[], number]>([
    ['why a machine stops or calls a person', machineCodes, 10],
    ['what is declined by adapters and sources', declineCodes, 60],
    ['what the hospital refuses', hospitalCodes, 10],
    [
      'what the hospital refuses of a refund that went back',
      () => moneyCodes().map((code) => `hospital_${code}`),
      10,
    ],
    ['why a payment is given back', () => REFUND_CAUSES.filter((c) => c !== 'requested'), 3],
  ])('of %s', (_what, codes, least) => {
    const all = codes()
    expect(all.length).toBeGreaterThanOrEqual(least)
    expect(without('reasons', all)).toEqual([])
  })

  it('of every state of payments, refunds and requests, and why a second person is asked', () => {
    const groups: [string, string[]][] = [
      ['statuses', valuesOf('Payment', 'properties', 'status')],
      ['refunds.statuses', valuesOf('Refund', 'properties', 'status')],
      ['refunds.causes', valuesOf('Refund', 'properties', 'cause')],
      ['approvals.statuses', valuesOf('RefundRequest', 'properties', 'status')],
      ['approvals.whys', valuesOf('RefundRequest', 'properties', 'why', 'items')],
    ]
    for (const [group, codes] of groups) {
      expect(codes.length, group).toBeGreaterThan(2)
      expect(without(group, codes), group).toEqual([])
    }
  })

  it('of every difference, case and alert', () => {
    const groups: [string, string[]][] = [
      ['reconciliation.classes', valuesOf('Difference', 'properties', 'class')],
      ['reconciliation.differenceStatuses', valuesOf('Difference', 'properties', 'status')],
      ['cases.classes', valuesOf('Case', 'properties', 'class')],
      ['cases.statuses', valuesOf('Case', 'properties', 'status')],
      ['channels.alertClasses', valuesOf('ChannelAlert', 'properties', 'class')],
    ]
    for (const [group, codes] of groups) {
      expect(codes.length, group).toBeGreaterThan(1)
      expect(without(group, codes), group).toEqual([])
    }
  })
})

describe.each<[string, Words]>([
  ['Chinese', zhPatient],
  ['English', enPatient],
])('in %s payers read', (_language, words) => {
  const has = (...paths: string[]) => paths.some((path) => typeof at(words, path) === 'string')

  it.each([
    ['commercial', 15, 10],
    ['benefits', 8, 9],
    ['deposit', 3, 2],
  ] as const)(
    'why %s pays nothing, and what it says of what it pays',
    (provider, leastOff, leastReasons) => {
      const { off, reasons } = quoteCodes(provider)
      expect(off.length).toBeGreaterThanOrEqual(leastOff)
      expect(reasons.length).toBeGreaterThanOrEqual(leastReasons)
      const isSaid = (code: string) => has(`sources.${provider}.off.${code}`, `sources.off.${code}`)
      expect(off.filter((code) => !isSaid(code))).toEqual([])
      const isWorded = (code: string) => has(`sources.${provider}.reasons.${code}`)
      expect(reasons.filter((code) => !isWorded(code))).toEqual([])
    },
  )

  it('why one of them declined after all', () => {
    const codes = declinesOfPayers().filter((code) => !OF_REFUNDS.has(code))
    expect(codes.length).toBeGreaterThanOrEqual(8)
    expect(codes.filter((code) => !has(`failures.${code}`))).toEqual([])
  })
})

/** A refund that is declined waits for the staff: the payer is told so, and not why. */
const OF_REFUNDS: ReadonlySet<string> = new Set(['not_charged', 'over_charge'])

// What lenders, their rules and their loans come to is told to the payer, who is no banker.
describe.each<[string, Words, Words]>([
  ['Chinese', zhPatient, zhCredit],
  ['English', enPatient, enCredit],
])('in %s the payer has words', (_language, patient, credit) => {
  const quote = readFileSync(join(ROOT, 'modules/credit/quote.ts'), 'utf8')
  /** Those that have neither words nor words for one and for many. */
  const without = (words: Words, group: string, codes: readonly string[]) =>
    codes.filter((code) =>
      [code, `${code}_other`].every((key) => typeof at(words, `${group}.${key}`) !== 'string'),
    )

  it('of why credit pays nothing of a bill', () => {
    const [, refused = ''] = /type Refused = ([^\n]+)/.exec(quote) ?? []
    const codes = [...found(quote, /notAvailable\('([a-z_]+)'/g), ...found(refused, /'([a-z_]+)'/g)]
    expect(codes.length).toBeGreaterThanOrEqual(7)
    const missing = codes.filter((code) =>
      [`sources.credit.off.${code}`, `sources.off.${code}`].every(
        (key) => typeof at(patient, key) !== 'string',
      ),
    )
    expect(missing).toEqual([])
  })

  it('of what is lent, when it is due and at which rate a year', () => {
    const codes = found(quote, /'(credit_[a-z_]+)'/g)
    const rates = valuesOf('Loan', 'properties', 'disclosure', 'anyOf', '0')
    expect(codes.length).toBeGreaterThanOrEqual(4)
    expect(rates.length).toBeGreaterThanOrEqual(2)
    const all = [...codes, ...rates.map((rate) => `credit_${rate}`)]
    expect(without(patient, 'sources.credit.reasons', all)).toEqual([])
    expect(without(credit, 'disclosures', rates)).toEqual([])
  })

  it('of every reason of a decision, and every refusal of a lender', () => {
    const decide = readFileSync(join(ROOT, 'modules/credit/decide-application.ts'), 'utf8')
    const [, union = ''] = /export type ReasonCode =((?:\s*\| '[a-z_]+')+)/.exec(decide) ?? []
    const reasons = found(union, /'([a-z_]+)'/g)
    expect(reasons.length).toBeGreaterThanOrEqual(16)
    expect(without(credit, 'application.reasons', reasons)).toEqual([])
    const refusals = ['by_score', ...LENDER_REFUSALS]
    expect(without(credit, 'application.refusals', refusals)).toEqual([])
  })

  it.each<[string, string, string[]]>([
    ['kinds', 'CreditOffer', ['kind']],
    ['offer.sceneNames', 'CreditOffer', ['scenes', 'items']],
    ['lineStatuses', 'CreditLine', ['status']],
    ['application', 'CreditApplication', ['status']],
    ['review', 'CreditApplication', ['reviews', 'items', 'properties', 'status']],
    ['visit.statuses', 'CreditVisit', ['status']],
    ['visit.endCauses', 'CreditVisit', ['endCause', 'anyOf', '0']],
    ['visit.drawStatuses', 'CreditVisit', ['draws', 'items', 'properties', 'status']],
    ['ways', 'Loan', ['way']],
    ['loan.sources', 'LoanRepayment', ['source']],
    ['loan.repaymentStatuses', 'LoanRepayment', ['status']],
  ])('of %s', (group, schema, path) => {
    const codes = valuesOf(schema, 'properties', ...path)
    expect(codes.length).toBeGreaterThanOrEqual(3)
    expect(without(credit, group, codes)).toEqual([])
  })
})
