import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { CatalogueIndex, IndexedEntry } from './catalogue-index.ts'
import { type HospitalLevel, isInForce, type ItemKind, limitOf } from './entry.ts'
import { type NormalName, normaliseName, type NormalSpec, normaliseSpec } from './normalise.ts'
import { alikeByGrams, alikePermille, bigramsOf } from './similarity.ts'

/** What a hospital sells or does, as its own system calls it. */
export type HospitalItem = {
  code: string
  name: string
  spec: string
  unit: string
  unitPriceFen: Fen
  chargeCategory: string // med_chrgitm_type, '09' western medicine
  nationalCode: string | null // as the hospital's own system has it
}

/** Why an entry was proposed or kept back: a code with figures, worded by the web. */
export type MatchReason = { code: MatchReasonCode; params: Record<string, string | number> }

export const MATCH_REASONS = [
  'code_equal',
  'code_equal_name_differs',
  'code_unknown',
  'code_not_in_force',
  'name_form_spec_equal',
  'several_equal',
  'name_similar',
  'form_equal',
  'form_differs',
  'spec_equal',
  'strength_equal_pack_differs',
  'spec_differs',
  'unit_differs',
  'price_above_limit',
  'nothing_similar',
  'decision_ended',
  'item_changed',
] as const
export type MatchReasonCode = (typeof MATCH_REASONS)[number]

/** 0 to 1000: how sure the matching is. */
export type Candidate = {
  code: string
  name: string
  confidence: number
  reasons: readonly MatchReason[]
}

/** `entryCode` is set where the best reaches the bar: no person need look. Candidates are the best first. */
export type Match = {
  entryCode: string | null
  confidence: number
  reasons: readonly MatchReason[]
  candidates: readonly Candidate[]
}

export type MatchRules = { level: HospitalLevel; acceptFrom: number; on: BusinessDate }

/** What is alike, however much, stays below what is equal. */
const MOST_OF_SIMILAR = 890
const CONFIDENCE_OF = { code: 1_000, equal: 950, severalEqual: 850, codeOfAnother: 600 } as const
/** Below this a name that goes with an equal code is that of another thing. */
const NAME_OF_SAME_CODE = 400
const LOOKED_AT = 12
const SHOWN = 5
const LEAST_SHOWN = 300

/**
 * The entry of the catalogue that a hospital's item is, by its code, by name with form and specification, or by likeness
 * within its kind. Pure: the same item and version give the same answer, in whichever order either was loaded.
 */
export function matchItem(index: CatalogueIndex, item: HospitalItem, rules: MatchRules): Match {
  const kind = kindOfCategory(item.chargeCategory)
  const { found, reasons } = byCode(index, item, rules)
  if (found && found.confidence === CONFIDENCE_OF.code) return matchOf([found], [], rules)
  const seen: Seen = {
    item,
    name: normaliseName(item.name, kind, null),
    spec: normaliseSpec(item.spec),
    rules,
  }
  const equal = byEquality(index, kind, seen)
  const others = equal.length > 0 ? equal : byLikeness(index, kind, seen)
  const candidates = [...(found ? [found] : []), ...others.filter((c) => c.code !== found?.code)]
  return matchOf(candidates, reasons, rules)
}

type Seen = { item: HospitalItem; name: NormalName; spec: NormalSpec; rules: MatchRules }

function matchOf(
  found: readonly Candidate[],
  reasons: readonly MatchReason[],
  { acceptFrom }: MatchRules,
): Match {
  const candidates = found
    .toSorted((a, b) => b.confidence - a.confidence || (a.code < b.code ? -1 : 1))
    .slice(0, SHOWN)
  const [best] = candidates
  if (!best) {
    const nothing = { code: 'nothing_similar', params: {} } as const
    return { entryCode: null, confidence: 0, reasons: [...reasons, nothing], candidates: [] }
  }
  // A code that points elsewhere is a contradiction for a person to look at, however equal the names are.
  const isSure = best.confidence >= acceptFrom && reasons.length === 0
  return {
    entryCode: isSure ? best.code : null,
    confidence: best.confidence,
    reasons: [...reasons.filter((reason) => !best.reasons.includes(reason)), ...best.reasons],
    candidates,
  }
}

/** A hospital's own national code is believed where the name does not speak against it. */
function byCode(
  index: CatalogueIndex,
  item: HospitalItem,
  rules: MatchRules,
): { found: Candidate | null; reasons: MatchReason[] } {
  if (item.nationalCode === null || item.nationalCode === '') return { found: null, reasons: [] }
  const params = { nationalCode: item.nationalCode }
  const one = index.byCode(item.nationalCode)
  if (!one) return { found: null, reasons: [{ code: 'code_unknown', params }] }
  if (!isInForce(one.entry, rules.on)) {
    return { found: null, reasons: [{ code: 'code_not_in_force', params }] }
  }
  const alike = nameLikeness(item, one)
  if (alike < NAME_OF_SAME_CODE) {
    const differs = {
      code: 'code_equal_name_differs',
      params: { ...params, name: one.entry.name, alike },
    } as const
    const found = candidateOf(one, CONFIDENCE_OF.codeOfAnother, [differs])
    return { found, reasons: [differs] }
  }
  const reasons = [{ code: 'code_equal', params } as const, ...priceReasons(one, item, rules)]
  return { found: candidateOf(one, CONFIDENCE_OF.code, reasons), reasons: [] }
}

/** Most hospitals copy the name with the code: then there is nothing to work out. */
const nameLikeness = ({ name }: HospitalItem, one: IndexedEntry): number =>
  name === one.entry.name
    ? 1_000
    : alikePermille(normaliseName(name, one.entry.kind, null).base, one.name.base)

function byEquality(index: CatalogueIndex, kind: ItemKind, seen: Seen): Candidate[] {
  const { item, name, spec, rules } = seen
  const equal = index.same(kind, name, spec).filter(({ entry }) => isInForce(entry, rules.on))
  const isOne = equal.length === 1
  return equal.map((one) =>
    candidateOf(one, isOne ? CONFIDENCE_OF.equal : CONFIDENCE_OF.severalEqual, [
      isOne
        ? { code: 'name_form_spec_equal', params: {} }
        : { code: 'several_equal', params: { count: equal.length } },
      ...priceReasons(one, item, rules),
    ]),
  )
}

function byLikeness(index: CatalogueIndex, kind: ItemKind, seen: Seen): Candidate[] {
  const asked = { text: seen.name.base, grams: bigramsOf(seen.name.base) }
  return index
    .alike(kind, asked.grams, LOOKED_AT)
    .filter(({ entry }) => isInForce(entry, seen.rules.on))
    .map((one) =>
      likenessOf(one, seen, alikeByGrams(asked, { text: one.name.base, grams: one.grams })),
    )
    .filter(({ confidence }) => confidence >= LEAST_SHOWN)
}

/** Of 890: the name 600, the form 120, the specification 150, the unit 20. */
function likenessOf(
  one: IndexedEntry,
  { item, name, spec, rules }: Seen,
  alike: number,
): Candidate {
  const form = formLikeness(name, one.name)
  const strength = specLikeness(spec, one.spec)
  const unitDiffers = item.unit !== '' && one.entry.unit !== '' && item.unit !== one.entry.unit
  const points = [
    Math.floor((600 * alike) / 1_000),
    form.points,
    strength.points,
    unitDiffers ? 0 : 20,
  ]
  const confidence = Math.min(
    MOST_OF_SIMILAR,
    points.reduce((sum, part) => sum + part, 0),
  )
  return candidateOf(one, confidence, [
    { code: 'name_similar', params: { alike } },
    ...form.reasons,
    ...strength.reasons,
    ...(unitDiffers
      ? [{ code: 'unit_differs', params: { ours: item.unit, theirs: one.entry.unit } } as const]
      : []),
    ...priceReasons(one, item, rules),
  ])
}

function formLikeness(ours: NormalName, theirs: NormalName): Likeness {
  if (ours.form === '' || theirs.form === '') return { points: 60, reasons: [] }
  return ours.form === theirs.form
    ? { points: 120, reasons: [{ code: 'form_equal', params: {} }] }
    : { points: 0, reasons: [{ code: 'form_differs', params: {} }] }
}

function specLikeness(ours: NormalSpec, theirs: NormalSpec): Likeness {
  if (ours.strength === '' || theirs.strength === '') return { points: 75, reasons: [] }
  if (ours.strength !== theirs.strength) {
    return { points: 0, reasons: [{ code: 'spec_differs', params: {} }] }
  }
  return ours.pack === theirs.pack
    ? { points: 150, reasons: [{ code: 'spec_equal', params: {} }] }
    : { points: 100, reasons: [{ code: 'strength_equal_pack_differs', params: {} }] }
}

type Likeness = { points: number; reasons: MatchReason[] }

/** For the eye only: a price above the limit says nothing about which entry it is. */
function priceReasons(
  { entry }: IndexedEntry,
  { unitPriceFen }: HospitalItem,
  { level }: MatchRules,
): MatchReason[] {
  const limitMicroYuan = limitOf(entry, level)
  if (limitMicroYuan === null || unitPriceFen * MICRO_YUAN_PER_FEN <= limitMicroYuan) return []
  return [{ code: 'price_above_limit', params: { priceFen: unitPriceFen, limitMicroYuan } }]
}

const MICRO_YUAN_PER_FEN = 10_000

const candidateOf = (
  { entry }: IndexedEntry,
  confidence: number,
  reasons: readonly MatchReason[],
): Candidate => ({ code: entry.code, name: entry.name, confidence, reasons })

/** By med_chrgitm_type of the national dictionary; what is neither drug, herb nor material is done by somebody. */
const kindOfCategory = (chargeCategory: string): ItemKind =>
  KIND_OF_CATEGORY[chargeCategory] ?? 'service'

const KIND_OF_CATEGORY: Record<string, ItemKind> = {
  '08': 'material',
  '09': 'drug',
  '10': 'herb',
  '11': 'drug',
}
