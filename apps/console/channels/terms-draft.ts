import { parseYuan, toYuanText, fen } from '../../../kernel/money.ts'
import type { Method, Scene, Terms } from './model.ts'
import { parsePercent, percentInput } from './ratio.ts'

/** The terms of a channel as they are typed: amounts in yuan, shares in per cent, nothing for no limit. */
export type TermsDraft = {
  titleZh: string
  titleEn: string
  /** The usual one first. */
  methods: Method[]
  scenes: Scene[]
  /** Null for all. */
  departments: string[] | null
  paymentLimit: string
  dayLimit: string
  fee: string
  feeFixed: string
  settlementDays: string
  share: string
  order: string
}

/** What cannot be sent: a field that cannot be read. Words: channels.terms.problems.<field>. */
export type TermsProblem =
  | 'title'
  | 'methods'
  | 'departments'
  | 'paymentLimit'
  | 'dayLimit'
  | 'fee'
  | 'feeFixed'
  | 'settlementDays'
  | 'share'
  | 'order'

export const draftOf = (terms: Terms): TermsDraft => ({
  titleZh: terms.title.zh,
  titleEn: terms.title.en,
  methods: [...terms.methods],
  scenes: [...terms.scenes],
  departments: terms.departments && [...terms.departments],
  paymentLimit: yuanOrNothing(terms.paymentLimitFen),
  dayLimit: yuanOrNothing(terms.dayLimitFen),
  fee: percentInput(terms.feePpm),
  feeFixed: toYuanText(fen(terms.feeFixedFen)),
  settlementDays: String(terms.settlementDays),
  share: terms.sharePpm === null ? '' : percentInput(terms.sharePpm),
  order: String(terms.order),
})

/** Terms for a channel that is taken in: off, for everything its connection can do, until a person says otherwise. */
export const newDraft = (name: string, methods: readonly Method[]): TermsDraft => ({
  ...draftOf({
    title: { zh: name, en: name },
    methods: [...methods],
    scenes: ['outpatient', 'registration'],
    departments: null,
    paymentLimitFen: null,
    dayLimitFen: null,
    feePpm: 0,
    feeFixedFen: 0,
    settlementDays: 1,
    sharePpm: null,
    enabled: false,
    order: 0,
  }),
  fee: '',
})

/** Reads what was typed. What the hub alone can judge, as limits that contradict each other, is the hub's to say. */
export function readDraft(
  draft: TermsDraft,
  enabled: boolean,
): { terms: Terms; problems: [] } | { terms: null; problems: TermsProblem[] } {
  const problems: TermsProblem[] = []
  const need = <T>(field: TermsProblem, value: T | undefined): T | undefined => {
    if (value === undefined) problems.push(field)
    return value
  }
  const title = { zh: draft.titleZh.trim(), en: draft.titleEn.trim() }
  if (title.zh === '' || title.en === '') problems.push('title')
  if (draft.methods.length === 0) problems.push('methods')
  if (draft.departments?.length === 0) problems.push('departments')
  const paymentLimitFen = need('paymentLimit', readLimit(draft.paymentLimit))
  const dayLimitFen = need('dayLimit', readLimit(draft.dayLimit))
  const feePpm = need('fee', parsePercent(draft.fee) ?? undefined)
  const feeFixedFen = need('feeFixed', readYuan(draft.feeFixed))
  const settlementDays = need('settlementDays', readCount(draft.settlementDays, MOST_DAYS))
  const sharePpm = need(
    'share',
    draft.share.trim() === '' ? null : (parsePercent(draft.share) ?? undefined),
  )
  const order = need('order', readCount(draft.order, MOST_ORDER))
  if (
    problems.length > 0 ||
    paymentLimitFen === undefined ||
    dayLimitFen === undefined ||
    feePpm === undefined ||
    feeFixedFen === undefined ||
    settlementDays === undefined ||
    sharePpm === undefined ||
    order === undefined
  ) {
    return { terms: null, problems }
  }
  const { methods, scenes, departments } = draft
  const figures = { paymentLimitFen, dayLimitFen, feePpm, feeFixedFen, settlementDays, sharePpm }
  return {
    terms: { title, methods, scenes, departments, ...figures, enabled, order },
    problems: [],
  }
}

const MOST_DAYS = 60
const MOST_ORDER = 10_000

const yuanOrNothing = (amountFen: number | null) =>
  amountFen === null ? '' : toYuanText(fen(amountFen))

/** Undefined for what is no amount of at least nothing. */
export function readYuan(text: string): number | undefined {
  const amount = parseYuan(text.trim().replaceAll(',', ''))
  return amount === null || amount < 0 ? undefined : amount
}

/** Null for no limit. */
function readLimit(text: string): number | null | undefined {
  if (text.trim() === '') return null
  const limit = readYuan(text)
  return limit === undefined || limit === 0 ? undefined : limit
}

/** A whole number up to `most`. */
export function readCount(text: string, most: number): number | undefined {
  if (!/^\d{1,9}$/.test(text.trim())) return undefined
  const count = Number(text)
  return count <= most ? count : undefined
}
