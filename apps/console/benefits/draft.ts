import { fen, parseYuan, toYuanText } from '../../../kernel/money.ts'
import { parsePercent, percentInput } from '../channels/ratio.ts'
import { POINT_EVENTS, type Programme, type Rule, type Terms } from './model.ts'
import { conditionText as conditionOf, readConditions } from './rule-text.ts'
import type { NewProgramme } from './use-benefits.ts'

// A programme as it is typed, before it is one. Nothing of it is read as a number until it is sent.

export type Draft = {
  kind: Terms['kind']
  nameZh: string
  nameEn: string
  funderKind: 'hospital' | 'region'
  funderCode: string
  funderName: string
  startsOn: string
  endsOn: string
  /** A line for each group of conditions; none: everybody. */
  rule: string
  byGrant: boolean
  share: string
  perVisit: string
  perYear: string
  categories: string
  combines: boolean
  position: string
  leastBill: string
  validDays: string
  price: string
  /** A line each: "code points yuan". */
  offers: string
  /** A line each: "code name times". */
  items: string
  earn: Record<(typeof POINT_EVENTS)[number], { points: string; perYearMost: string }>
}

const NO_POINTS = { points: '', perYearMost: '' }

export const EMPTY_DRAFT: Draft = {
  kind: 'subsidy',
  nameZh: '',
  nameEn: '',
  funderKind: 'hospital',
  funderCode: '',
  funderName: '',
  startsOn: '',
  endsOn: '',
  rule: '',
  byGrant: false,
  share: '',
  perVisit: '',
  perYear: '',
  categories: '',
  combines: true,
  position: '1',
  leastBill: '0',
  validDays: '365',
  price: '',
  offers: '',
  items: '',
  earn: { health_station: NO_POINTS, primary_care_first: NO_POINTS },
}

/** What is wrong with a field, by its name: words are propose.problems.<field>. */
export type Problem = keyof Draft

export type Read =
  | { problems: readonly Problem[]; programme: null }
  | { problems: readonly []; programme: NewProgramme }

/** Pure: the programme that was typed, or what keeps it from being one. */
export function readDraft(draft: Draft): Read {
  const problems = new Set<Problem>()
  const wrong = <T>(field: Problem, value: T | null, instead: T): T => {
    if (value === null) problems.add(field)
    return value ?? instead
  }
  const text = (field: 'nameZh' | 'nameEn' | 'funderCode' | 'funderName') =>
    wrong(field, draft[field].trim() || null, '')
  if (draft.startsOn === '') problems.add('startsOn')
  if (draft.endsOn === '' || draft.endsOn < draft.startsOn) problems.add('endsOn')
  const programme: NewProgramme = {
    name: { zh: text('nameZh'), en: text('nameEn') },
    funder: { kind: draft.funderKind, code: text('funderCode'), name: text('funderName') },
    startsOn: draft.startsOn,
    endsOn: draft.endsOn,
    terms: readTerms(draft, wrong),
  }
  if (problems.size > 0) return { problems: [...problems], programme: null }
  return { problems: [], programme }
}

type Wrong = <T>(field: Problem, value: T | null, instead: T) => T

function readTerms(draft: Draft, wrong: Wrong): Terms {
  const yuan = (field: 'perVisit' | 'perYear' | 'leastBill' | 'price') =>
    wrong(field, amountOf(draft[field]), 0)
  const orNone = (field: 'perVisit' | 'perYear') =>
    draft[field].trim() === '' ? null : yuan(field)
  const validDays = () => wrong('validDays', countOf(draft.validDays, 3660), 1)
  const categories = wordsOf(draft.categories)
  switch (draft.kind) {
    case 'subsidy': {
      const rule = readRule(draft, wrong)
      const [perVisitMostFen, perYearMostFen] = [orNone('perVisit'), orNone('perYear')]
      // Whom nobody grants it and nothing has to be true of, it must not pay without end.
      const isForAll = !draft.byGrant && rule.anyOf.some((group) => group.length === 0)
      if (isForAll && perVisitMostFen === null && perYearMostFen === null) {
        wrong('perYear', null, null)
      }
      const sharePpm = wrong('share', parsePercent(draft.share) || null, 1)
      const position = wrong('position', wholeOf(draft.position, 1000), 0)
      const { byGrant, combines } = draft
      const most = { perVisitMostFen, perYearMostFen }
      return { kind: 'subsidy', rule, byGrant, sharePpm, ...most, categories, combines, position }
    }
    case 'voucher': {
      const offers = wrong('offers', rowsOf(draft.offers, readOffer), [])
      const leastBillFen = yuan('leastBill')
      return { kind: 'voucher', leastBillFen, validDays: validDays(), categories, offers }
    }
    case 'package': {
      const items = rowsOf(draft.items, readItem)
      const priceFen = yuan('price')
      return {
        kind: 'package',
        rule: readRule(draft, wrong),
        priceFen,
        validDays: validDays(),
        items: wrong('items', items && items.length > 0 ? items : null, []),
      }
    }
    case 'points':
      return { kind: 'points', earn: wrong('earn', readEarn(draft.earn), []) }
  }
}

const readRule = ({ rule }: Draft, wrong: Wrong): Rule => {
  const lines = linesOf(rule)
  if (lines.length === 0) return { anyOf: [[]] }
  const groups = lines.map(readConditions)
  const whole = groups.filter((group) => group !== null)
  return { anyOf: wrong('rule', whole.length === groups.length ? whole : null, []) }
}

function readOffer(words: readonly string[]) {
  const [code = '', points = '', yuan = '', ...rest] = words
  const amountFen = amountOf(yuan)
  const count = countOf(points, 1_000_000)
  if (!CODE.test(code) || count === null || !amountFen || rest.length > 0) return null
  return amountFen > 1_000_000 ? null : { code, points: count, amountFen }
}

function readItem(words: readonly string[]) {
  const [code = '', ...rest] = words
  const most = countOf(rest.at(-1) ?? '', 1000)
  const name = rest.slice(0, -1).join(' ')
  return CODE.test(code) && most !== null && name !== '' ? { code, name, most } : null
}

function readEarn(earn: Draft['earn']) {
  const typed = POINT_EVENTS.filter(
    (event) => earn[event].points.trim() !== '' || earn[event].perYearMost.trim() !== '',
  )
  const read = typed.flatMap((event) => {
    const points = countOf(earn[event].points, 1_000_000)
    const perYearMost = countOf(earn[event].perYearMost, 1_000_000)
    return points === null || perYearMost === null ? [] : [{ event, points, perYearMost }]
  })
  return read.length === typed.length && read.length > 0 ? read : null
}

const CODE = /^[A-Za-z0-9._-]{1,40}$/

const amountOf = (typed: string): number | null => {
  const amount = parseYuan(typed.trim())
  return amount === null || amount < 0 || amount > 100_000_000_000 ? null : amount
}

/** A whole number from zero; null for anything else. */
const wholeOf = (typed: string, most: number): number | null =>
  /^\d{1,7}$/.test(typed.trim()) && Number(typed) <= most ? Number(typed) : null

const countOf = (typed: string, most: number): number | null => wholeOf(typed, most) || null

const wordsOf = (typed: string): string[] =>
  typed.split(/[\s,，、;；]+/).filter((word) => word !== '')

const linesOf = (typed: string): string[] =>
  typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** Every line read, or null when one of them is none or two have one code. */
function rowsOf<Row extends { code: string }>(
  typed: string,
  read: (words: readonly string[]) => Row | null,
): Row[] | null {
  const lines = linesOf(typed)
  const rows = lines.map((line) => read(line.split(/[\s,，]+/))).filter((row) => row !== null)
  const codes = new Set(rows.map(({ code }) => code))
  return codes.size === lines.length ? rows : null
}

/** Pure: what another programme says, to begin a new one with. Its days are not taken over. */
export function draftOf({ name, funder, terms }: Programme): Draft {
  return {
    ...EMPTY_DRAFT,
    kind: terms.kind,
    nameZh: name.zh,
    nameEn: name.en,
    funderKind: funder.kind,
    funderCode: funder.code,
    funderName: funder.name,
    ...draftOfTerms(terms),
  }
}

function draftOfTerms(terms: Terms): Partial<Draft> {
  const yuan = (amount: number | null) => (amount === null ? '' : toYuanText(fen(amount)))
  switch (terms.kind) {
    case 'subsidy': {
      const { byGrant, combines } = terms
      return {
        rule: ruleText(terms.rule),
        byGrant,
        combines,
        share: percentInput(terms.sharePpm),
        perVisit: yuan(terms.perVisitMostFen),
        perYear: yuan(terms.perYearMostFen),
        categories: terms.categories.join(' '),
        position: String(terms.position),
      }
    }
    case 'voucher': {
      const offers = terms.offers.map((o) => `${o.code} ${o.points} ${yuan(o.amountFen)}`)
      return {
        leastBill: yuan(terms.leastBillFen),
        validDays: String(terms.validDays),
        categories: terms.categories.join(' '),
        offers: offers.join('\n'),
      }
    }
    case 'package': {
      const items = terms.items.map(({ code, name, most }) => `${code} ${name} ${most}`)
      return {
        rule: ruleText(terms.rule),
        price: yuan(terms.priceFen),
        validDays: String(terms.validDays),
        items: items.join('\n'),
      }
    }
    case 'points': {
      const earn = terms.earn.map(({ event, points, perYearMost }) => [
        event,
        { points: String(points), perYearMost: String(perYearMost) },
      ])
      return { earn: { ...EMPTY_DRAFT.earn, ...Object.fromEntries(earn) } }
    }
  }
}

const ruleText = (rule: Rule): string =>
  rule.anyOf.some((group) => group.length === 0)
    ? ''
    : rule.anyOf.map((group) => group.map(conditionOf).join(' ')).join('\n')
