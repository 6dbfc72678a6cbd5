import { fen, toYuanText } from '../../../kernel/money.ts'
import { type FactDraft, factDraftsOf, readFacts } from './fact-draft.ts'
import type { Method, Rule, Scene } from './model.ts'
import { parsePercent, percentInput } from './ratio.ts'
import { readCount, readYuan } from './terms-draft.ts'

export type EffectKind = Rule['effect']['do']

/** Words: channels.effects.<kind>. */
export const EFFECTS = [
  'prefer',
  'require',
  'exclude',
  'share',
] as const satisfies readonly EffectKind[]

/** A rule as it is typed: amounts in yuan, shares in per cent; what is empty is no condition. */
export type RuleDraft = {
  name: string
  zh: string
  en: string
  enabled: boolean
  amountFrom: string
  amountBelow: string
  scenes: Scene[]
  departments: string[]
  methods: Method[]
  timeFrom: string
  timeBelow: string
  dateFrom: string
  dateTo: string
  weekdays: number[]
  facts: FactDraft[]
  effect: EffectKind
  channels: string[]
  points: string
  shares: Readonly<Record<string, string>>
}

/** What a part of the form shows and changes. */
export type DraftProps = { draft: RuleDraft; change: (changes: Partial<RuleDraft>) => void }

/** A part that cannot be read. Words: channels.rules.problems.<part>. */
export type RuleDraftProblem =
  | 'name'
  | 'words'
  | 'amount'
  | 'time'
  | 'dates'
  | 'payer'
  | 'channels'
  | 'points'
  | 'shares'

export const NEW_RULE: RuleDraft = {
  name: '',
  zh: '',
  en: '',
  enabled: true,
  amountFrom: '',
  amountBelow: '',
  scenes: [],
  departments: [],
  methods: [],
  timeFrom: '',
  timeBelow: '',
  dateFrom: '',
  dateTo: '',
  weekdays: [],
  facts: [],
  effect: 'prefer',
  channels: [],
  points: '10',
  shares: {},
}

export function draftOfRule({ name, words, enabled, when, effect }: Rule): RuleDraft {
  const yuan = (amountFen: number | undefined) =>
    amountFen === undefined ? '' : toYuanText(fen(amountFen))
  return {
    ...NEW_RULE,
    name,
    ...words,
    enabled,
    amountFrom: yuan(when.amountFen?.from),
    amountBelow: yuan(when.amountFen?.below),
    scenes: [...(when.scenes ?? [])],
    departments: [...(when.departments ?? [])],
    methods: [...(when.methods ?? [])],
    timeFrom: when.time?.from ?? '',
    timeBelow: when.time?.below ?? '',
    dateFrom: when.dates?.from ?? '',
    dateTo: when.dates?.to ?? '',
    weekdays: [...(when.weekdays ?? [])],
    facts: factDraftsOf(when.payer),
    effect: effect.do,
    ...('channels' in effect ? { channels: [...effect.channels] } : {}),
    ...(effect.do === 'prefer' ? { points: String(effect.points) } : {}),
    ...(effect.do === 'share' ? { shares: mapValues(effect.shares, percentInput) } : {}),
  }
}

/** Reads what was typed; what the hub alone can judge, as an empty range, is the hub's to say. */
export function readRule(
  draft: RuleDraft,
): { rule: Rule; problems: [] } | { rule: null; problems: RuleDraftProblem[] } {
  const [when, whenProblems] = readCondition(draft)
  const [effect, effectProblem] = readEffect(draft)
  const name = draft.name.trim()
  const words = { zh: draft.zh.trim(), en: draft.en.trim() }
  const problems: RuleDraftProblem[] = [
    ...(name === '' ? (['name'] as const) : []),
    ...(words.zh === '' || words.en === '' ? (['words'] as const) : []),
    ...whenProblems,
    ...(effectProblem ? [effectProblem] : []),
  ]
  if (problems.length > 0 || effect === null) return { rule: null, problems }
  return { rule: { name, words, enabled: draft.enabled, when, effect }, problems: [] }
}

type When = Rule['when']

function readCondition(draft: RuleDraft): [When, RuleDraftProblem[]] {
  const problems: RuleDraftProblem[] = []
  const { timeFrom, timeBelow, dateFrom, dateTo } = draft
  const from = draft.amountFrom.trim() === '' ? null : readYuan(draft.amountFrom)
  const below = draft.amountBelow.trim() === '' ? null : readYuan(draft.amountBelow)
  const amountFen = {
    ...(typeof from === 'number' ? { from } : {}),
    ...(typeof below === 'number' ? { below } : {}),
  }
  if (from === undefined || below === undefined) problems.push('amount')
  if ((timeFrom === '') !== (timeBelow === '')) problems.push('time')
  if ((dateFrom === '') !== (dateTo === '')) problems.push('dates')
  const payer = readFacts(draft.facts)
  if (payer === null) problems.push('payer')
  const some = <T>(list: readonly T[]): T[] | undefined => (list.length > 0 ? [...list] : undefined)
  const when = {
    amountFen: Object.keys(amountFen).length > 0 ? amountFen : undefined,
    scenes: some(draft.scenes),
    departments: some(draft.departments),
    methods: some(draft.methods),
    time: timeFrom === '' ? undefined : { from: timeFrom, below: timeBelow },
    dates: dateFrom === '' ? undefined : { from: dateFrom, to: dateTo },
    weekdays: some(draft.weekdays.toSorted((a, b) => a - b)),
    payer: payer ?? undefined,
  }
  return [withoutUndefined(when), problems]
}

const MOST_POINTS = 1_000

function readEffect(draft: RuleDraft): [Rule['effect'], null] | [null, RuleDraftProblem] {
  const { effect, channels } = draft
  if (effect === 'share') {
    const typed = Object.entries(draft.shares).filter(([, text]) => text.trim() !== '')
    const shares = Object.fromEntries(typed.map(([name, text]) => [name, parsePercent(text)]))
    if (typed.length === 0 || Object.values(shares).includes(null)) return [null, 'shares']
    return [{ do: 'share', shares: shares as Record<string, number> }, null]
  }
  if (channels.length === 0) return [null, 'channels']
  if (effect !== 'prefer') return [{ do: effect, channels: [...channels] }, null]
  const points = readCount(draft.points, MOST_POINTS)
  if (!points) return [null, 'points']
  return [{ do: 'prefer', channels: [...channels], points }, null]
}

const mapValues = (record: Record<string, number>, text: (value: number) => string) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, text(value)]))

/** An optional property of ours is there or is not. */
function withoutUndefined(when: { [Key in keyof When]: When[Key] | undefined }): When {
  return Object.fromEntries(Object.entries(when).filter(([, value]) => value !== undefined))
}
