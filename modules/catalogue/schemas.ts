import Type from 'typebox'

import { type CatalogueEntry, COVER_CLASSES, HOSPITAL_LEVELS, ITEM_KINDS } from './entry.ts'
import { STEP_REASONS } from './estimate.ts'
import type { ExplainedBill } from './estimating.ts'
import type { ItemRow } from './item-store.ts'
import { MATCH_REASONS } from './match.ts'
import { LINE_REASONS } from './split.ts'

const NO_NUL = '^[^\\u0000]*$'

export const OfHospital = Type.Object({ hospitalId: Type.Integer({ minimum: 1 }) })
export const OfItem = Type.Object({
  hospitalId: Type.Integer({ minimum: 1 }),
  itemCode: Type.String({ minLength: 1, maxLength: 150 }),
})
export const OfVersion = Type.Object({
  hospitalId: Type.Integer({ minimum: 1 }),
  seq: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
})
export const OfBill = Type.Object({
  hospitalId: Type.Integer({ minimum: 1 }),
  billNo: Type.String({ minLength: 1, maxLength: 64 }),
})

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const FenOut = Type.Integer({ description: 'Fen, 1/100 yuan' })
const Params = Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer()]))
const reasonOf = <const Codes extends readonly string[]>(codes: Codes) =>
  Type.Object({ code: Type.Enum([...codes] as [...Codes]), params: Params })

const CoverClassOut = Nullable(Type.Enum([...COVER_CLASSES]))

export const EntryView = Type.Object(
  {
    code: Type.String(),
    name: Type.String(),
    kind: Type.Enum([...ITEM_KINDS]),
    substance: Nullable(Type.String()),
    atc: Nullable(Type.String()),
    form: Nullable(Type.String()),
    spec: Type.String(),
    unit: Type.String(),
    coverClass: CoverClassOut,
    priceLimits: Type.Array(
      Type.Object({
        level: Type.Enum([...HOSPITAL_LEVELS, 'any']),
        limitMicroYuan: Type.Integer({ description: 'Millionths of a yuan per unit' }),
      }),
    ),
    firstSharePpm: Type.Integer(),
    isLimited: Type.Boolean({ description: 'Covered for some indications only' }),
    validFrom: Type.String(),
    validTo: Nullable(Type.String()),
  },
  { $id: 'CatalogueEntry' },
)

const VersionView = Type.Object({
  seq: Type.Integer(),
  version: Type.String(),
  effectiveOn: Type.String(),
  entryCount: Type.Integer(),
  loadedAt: Type.String({ format: 'date-time' }),
  isCurrent: Type.Boolean(),
})

const EntryRef = Type.Unsafe<Type.Static<typeof EntryView>>(Type.Ref('CatalogueEntry'))

export const EntriesOut = Type.Object({ version: Type.String(), items: Type.Array(EntryRef) })
const Moment = Type.String({ format: 'date-time' })
export const RegionsOut = Type.Object({
  items: Type.Array(
    Type.Object({
      region: Type.String(),
      version: Type.String(),
      effectiveOn: Type.String(),
      asOf: Moment,
    }),
  ),
})
export const PublicEntriesOut = Type.Object({
  version: Type.String(),
  asOf: Type.String({ format: 'date-time', description: 'When the version was taken in' }),
  items: Type.Array(EntryRef),
  next: Nullable(Type.String()),
})
export const VersionsOut = Type.Object({ region: Type.String(), items: Type.Array(VersionView) })
export const ChangesOut = Type.Object({
  items: Type.Array(
    Type.Object({
      code: Type.String(),
      change: Type.Enum(['new', 'ended', 'changed']),
      before: Nullable(EntryRef),
      after: Nullable(EntryRef),
    }),
  ),
})

const MatchReasonOut = reasonOf(MATCH_REASONS)

export const ItemView = Type.Object(
  {
    code: Type.String(),
    name: Type.String(),
    spec: Type.String(),
    unit: Type.String(),
    unitPriceFen: FenOut,
    chargeCategory: Type.String(),
    nationalCode: Nullable(Type.String()),
    status: Type.Enum(['matched', 'waiting', 'decided']),
    entryCode: Nullable(Type.String()),
    confidence: Type.Integer({ description: '0 to 1000' }),
    reasons: Type.Array(MatchReasonOut),
    candidates: Type.Array(
      Type.Object({
        code: Type.String(),
        name: Type.String(),
        confidence: Type.Integer(),
        reasons: Type.Array(MatchReasonOut),
      }),
    ),
  },
  { $id: 'CatalogueItem' },
)
export const ItemOut = Type.Unsafe<Type.Static<typeof ItemView>>(Type.Ref('CatalogueItem'))
export const ItemsOut = Type.Object({ items: Type.Array(ItemOut) })

const page = {
  after: Type.Optional(
    Type.String({ maxLength: 150, description: 'Last code of the page before' }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
}
export const EntriesQuery = Type.Object({
  text: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  kind: Type.Optional(Type.Enum([...ITEM_KINDS])),
  coverClass: Type.Optional(Type.Enum([...COVER_CLASSES])),
  ...page,
})
export const ChangesQuery = Type.Object({
  from: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Seq of the version to compare with' }),
  ),
  ...page,
})
export const ItemsQuery = Type.Object({
  status: Type.Enum(['matched', 'waiting', 'decided'], { default: 'waiting' }),
  ...page,
})
export const PublicEntriesQuery = Type.Object(
  {
    region: Type.String({ pattern: String.raw`^\d{6}$`, description: 'GB/T 2260, six digits' }),
    on: Type.Optional(
      Type.String({ pattern: String.raw`^\d{4}-\d{2}-\d{2}$`, description: 'Today if left out' }),
    ),
    text: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 50,
        pattern: NO_NUL,
        description: 'A piece of the name, or the beginning of the national code',
      }),
    ),
    kind: Type.Optional(Type.Enum([...ITEM_KINDS])),
    coverClass: Type.Optional(Type.Enum([...COVER_CLASSES])),
    ...page,
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  { additionalProperties: false },
)
const Day = Type.String({ pattern: String.raw`^\d{4}-\d{2}-\d{2}$` })
export const AccuracyQuery = Type.Object({ from: Day, to: Day })

export const NewDecision = Type.Object(
  {
    entryCode: Nullable(Type.String({ minLength: 1, maxLength: 50 })),
    reason: Type.String({ minLength: 1, maxLength: 300, pattern: NO_NUL }),
  },
  { additionalProperties: false },
)

const itemFields = {
  code: Type.String({ minLength: 1, maxLength: 150 }),
  name: Type.String({ minLength: 1, maxLength: 300 }),
  spec: Type.String({ maxLength: 300 }),
  unit: Type.String({ maxLength: 50 }),
  unitPriceFen: Type.Integer({ minimum: 0, maximum: 10_000_000_000 }),
  chargeCategory: Type.String({
    maxLength: 6,
    description: "med_chrgitm_type: '09' western drugs",
  }),
  nationalCode: Nullable(Type.String({ maxLength: 50 })),
}
export const NewItems = Type.Object(
  {
    items: Type.Array(Type.Object(itemFields, { additionalProperties: false }), {
      minItems: 1,
      maxItems: 500,
    }),
  },
  { additionalProperties: false },
)
export const LinesToExplain = Type.Object(
  {
    lines: Type.Array(
      Type.Object(
        {
          ...itemFields,
          lineNo: Type.Integer({ minimum: 1, maximum: 100_000 }),
          quantity: Type.Number({ minimum: 0, maximum: 100_000 }),
          amountFen: Type.Integer({ minimum: 0, maximum: 10_000_000_000 }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1_000 },
    ),
  },
  { additionalProperties: false },
)

const SplitFields = {
  amountFen: FenOut,
  ownFen: FenOut,
  overLimitFen: FenOut,
  firstShareFen: FenOut,
  inScopeFen: FenOut,
}

export const ExplanationView = Type.Object(
  {
    region: Type.String(),
    version: Type.String(),
    on: Type.String(),
    lines: Type.Array(
      Type.Object({
        lineNo: Type.Integer(),
        code: Type.String(),
        name: Type.String(),
        entryCode: Nullable(Type.String()),
        coverClass: CoverClassOut,
        ...SplitFields,
        reasons: Type.Array(reasonOf(LINE_REASONS)),
        alternatives: Type.Array(
          Type.Object({
            entryCode: Type.String(),
            itemCode: Type.String(),
            name: Type.String(),
            spec: Type.String(),
            coverClass: Type.Enum([...COVER_CLASSES]),
            unitPriceFen: FenOut,
            isOfSameSpec: Type.Boolean(),
            savingPerUnitFen: FenOut,
            savingFen: FenOut,
          }),
        ),
      }),
    ),
    estimate: Nullable(
      Type.Object({
        isEstimate: Type.Literal(true),
        totalFen: FenOut,
        ownFen: FenOut,
        overLimitFen: FenOut,
        firstShareFen: FenOut,
        inScopeFen: FenOut,
        unmatchedFen: FenOut,
        deductibleFen: FenOut,
        poolFen: FenOut,
        largeSumFen: FenOut,
        fundFen: FenOut,
        personalFen: FenOut,
        accountFen: FenOut,
        cashFen: FenOut,
        steps: Type.Array(reasonOf(STEP_REASONS)),
      }),
    ),
    insurerSaidAt: Nullable(
      Type.String({ description: 'When the insurer said what the estimate begins with' }),
    ),
  },
  { $id: 'CatalogueExplanation' },
)
export const ExplanationOut = Type.Unsafe<Type.Static<typeof ExplanationView>>(
  Type.Ref('CatalogueExplanation'),
)

export const AccuracyOut = Type.Object({
  items: Type.Array(
    Type.Object({
      insutype: Type.String(),
      settlements: Type.Integer(),
      exact: Type.Integer(),
      averageTotalFen: FenOut,
      averageCashFen: Type.Integer({ description: 'Estimated less settled, fen' }),
      averageCashOffFen: FenOut,
      averageFundOffFen: FenOut,
      averageScopeOffFen: FenOut,
      worstCashOffFen: FenOut,
    }),
  ),
})

export const viewOfEntry = (entry: CatalogueEntry): Type.Static<typeof EntryView> => ({
  ...entry,
  priceLimits: ([...HOSPITAL_LEVELS, 'any'] as const).flatMap((level) => {
    const limitMicroYuan = entry.priceLimits[level]
    return limitMicroYuan === undefined ? [] : [{ level, limitMicroYuan }]
  }),
})

export function viewOfItem({ item, standing }: ItemRow): Type.Static<typeof ItemView> {
  const { status, entryCode, confidence } = standing
  return {
    ...item,
    status,
    entryCode,
    confidence,
    reasons: [...standing.reasons],
    candidates: standing.candidates.map((one) => ({ ...one, reasons: [...one.reasons] })),
  }
}

export function viewOfBill(bill: ExplainedBill): Type.Static<typeof ExplanationView> {
  const { estimate } = bill
  return {
    region: bill.region,
    version: bill.version,
    on: bill.on,
    lines: bill.lines.map((line) => ({
      ...line,
      reasons: [...line.reasons],
      alternatives: [...line.alternatives],
    })),
    estimate: estimate && { ...withoutLines(estimate), steps: [...estimate.steps] },
    insurerSaidAt: bill.insurerSaidAt?.toISOString() ?? null,
  }
}

function withoutLines({
  lines: _lines,
  steps: _steps,
  ...amounts
}: NonNullable<ExplainedBill['estimate']>) {
  return amounts
}
