import Type from 'typebox'

import { ENCODINGS } from '../scan/decode.ts'

// A layout: how the lists of one party are written, as data. docs/interface/statement-layouts.md explains each word.

export const ROW_KINDS = ['charge', 'return', 'fee', 'payout'] as const
export type RowKind = (typeof ROW_KINDS)[number]

const strict = { additionalProperties: false } as const
const Name = Type.String({ minLength: 1, maxLength: 60 })
const PatternText = Type.String({ minLength: 1, maxLength: 300 })
const Kind = Type.Enum([...ROW_KINDS])

/** Every named column holds one of these values; "" is an empty cell and "*" one that is not. */
const Condition = Type.Record(Name, Type.Array(Type.String({ maxLength: 60 }), { minItems: 1 }))
export type Condition = Type.Static<typeof Condition>

const NumberForm = {
  unit: Type.Enum(['yuan', 'fen']),
  /** Decimals of the unit that may be other than zero: 2 for yuan, 5 for WeChat's fees. */
  decimals: Type.Optional(Type.Integer({ minimum: 0, maximum: 6 })),
  /** "1,234.50" is an amount. */
  thousands: Type.Optional(Type.Boolean()),
  /** "１２．５０" is an amount. */
  fullWidth: Type.Optional(Type.Boolean()),
  /** "+12.50" is an amount. */
  plus: Type.Optional(Type.Boolean()),
  /** A letter before the digits says which way it goes: { in: "C", out: "D" }, seen from the hospital. */
  sides: Type.Optional(
    Type.Object({ in: Type.String({ maxLength: 1 }), out: Type.String({ maxLength: 1 }) }, strict),
  ),
}
const NumberColumn = Type.Object({ column: Name, ...NumberForm }, strict)
export type NumberColumn = Type.Static<typeof NumberColumn>

const ByKind = Type.Partial(Type.Record(Kind, Name))

const Amount = Type.Object(
  {
    column: Type.Optional(Name),
    byKind: Type.Optional(ByKind),
    /** Two columns of which one is filled; the pseudo-column @direction is then "out" or "in". Below zero, the other way. */
    debit: Type.Optional(Name),
    credit: Type.Optional(Name),
    /** Added to the column: what an insurer pays from its fund and from the person's account. */
    addColumns: Type.Optional(Type.Array(Name, { maxItems: 5 })),
    ...NumberForm,
    /** positive: always above zero. byKind: returns stand below zero. absolute: the sign says nothing. */
    sign: Type.Enum(['positive', 'byKind', 'absolute']),
  },
  strict,
)

const Fee = Type.Object(
  {
    column: Name,
    ...NumberForm,
    /** cost: above zero is what the hospital pays. negated: below zero is. byKind: a cost of charges, given back on returns. */
    sign: Type.Enum(['cost', 'negated', 'byKind']),
    empty: Type.Optional(Type.Enum(['unknown', 'zero'])),
  },
  strict,
)

const TextField = Type.Object(
  {
    column: Type.Optional(Name),
    byKind: Type.Optional(ByKind),
    /** What stands for nothing: "0", "null". */
    nothing: Type.Optional(Type.Array(Type.String({ maxLength: 20 }))),
    required: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type TextField = Type.Static<typeof TextField>

const Account = Type.Object(
  {
    ...TextField.properties,
    /** The column names whose list it is, and not the other side: it must be the expected one. */
    own: Type.Optional(Type.Boolean()),
    /** The file writes more digits behind the account. */
    match: Type.Optional(Type.Enum(['prefix'])),
  },
  strict,
)

const Settles = Type.Object(
  {
    column: Name,
    ...NumberForm,
    /** Rows in which one of these holds more than zeros are settled by other rules. */
    unless: Type.Optional(Type.Array(Name, { maxItems: 5 })),
  },
  strict,
)

const Moment = Type.Object(
  {
    column: Name,
    /** yyyy MM dd HH mm ss and what stands between them: "yyyy-MM-dd HH:mm:ss". Without yyyy, the year nearest to the day. */
    pattern: PatternText,
    zone: Type.Optional(Type.Enum(['+08:00', 'Z'])),
    /** Every row is of the list's own day. */
    ofTheDay: Type.Optional(Type.Boolean()),
  },
  strict,
)

const KindRule = Type.Object(
  {
    when: Condition,
    is: Type.Enum([...ROW_KINDS, 'none']),
    /** The amount is taken with the other sign: a fee that is given back. */
    negated: Type.Optional(Type.Boolean()),
  },
  strict,
)

const LinePattern = Type.Object(
  { pattern: PatternText, required: Type.Optional(Type.Boolean()) },
  strict,
)

const Check = Type.Object(
  {
    /** The trailer's value, by the name of its column or group. */
    says: Name,
    of: Type.Enum(['count', 'sum']),
    column: Type.Optional(Name),
    where: Type.Optional(Condition),
    /** Not every party gives it: checked where it stands. */
    optional: Type.Optional(Type.Boolean()),
    ...NumberForm,
    unit: Type.Optional(NumberForm.unit),
  },
  strict,
)

const Trailer = Type.Object(
  {
    kind: Type.Enum(['table', 'lines']),
    lines: Type.Optional(Type.Array(LinePattern, { maxItems: 10 })),
    checks: Type.Array(Check, { minItems: 1, maxItems: 30 }),
  },
  strict,
)

const Delimited = Type.Object(
  {
    kind: Type.Literal('delimited'),
    separator: Type.String({ pattern: '^[!-/:-@\\[-`{-~\\t ]{1,2}$' }),
    quote: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
    cellPrefix: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
    /** The columns of a file that does not name them. */
    columns: Type.Optional(Type.Array(Name, { minItems: 1, maxItems: 512 })),
    /** How many of the last columns a row may lack, or have empty cells beyond. */
    spare: Type.Optional(Type.Integer({ minimum: 0, maximum: 20 })),
  },
  strict,
)

const Fixed = Type.Object(
  {
    kind: Type.Literal('fixed'),
    columns: Type.Array(
      Type.Object({ name: Name, bytes: Type.Integer({ minimum: 1, maximum: 1_000 }) }, strict),
      { minItems: 1, maxItems: 512 },
    ),
    /** Bytes between two columns: 0, or 1 for a space. */
    gap: Type.Integer({ minimum: 0, maximum: 1 }),
    /** A row may go on behind the last column. */
    more: Type.Optional(Type.Boolean()),
  },
  strict,
)

/** ISO 20022 camt.053: columns are made of each entry. See camt053.ts for their names. */
const Camt053 = Type.Object({ kind: Type.Literal('camt053') }, strict)

export const LayoutSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-z0-9-]{1,39}$' }),
    version: Type.Integer({ minimum: 1, maximum: 9_999 }),
    title: Type.Object({ zh: Name, en: Name }, strict),
    about: Type.Optional(Type.String({ maxLength: 1_000 })),
    encodings: Type.Array(Type.Enum([...ENCODINGS]), { minItems: 1, maxItems: 3 }),
    container: Type.Object(
      {
        kinds: Type.Array(Type.Enum(['plain', 'gzip', 'zip']), { minItems: 1, maxItems: 3 }),
        /** Which files of a zip are read, one after the other; others are left alone. */
        member: Type.Optional(PatternText),
      },
      strict,
    ),
    format: Type.Union([Delimited, Fixed, Camt053]),
    head: Type.Optional(
      Type.Object(
        {
          /** The head ends with the line that matches, or after this many lines. */
          until: Type.Optional(PatternText),
          lines: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
          /** Named groups account, date (yyyyMMdd, yyyy-MM-dd or yyyy年MM月dd日) are held against what is expected. */
          patterns: Type.Optional(Type.Array(LinePattern, { maxItems: 10 })),
        },
        strict,
      ),
    ),
    rows: Type.Optional(
      Type.Object(
        {
          /** Every row of data begins so; the first that does not is the trailer's. */
          startsWith: Type.Optional(Type.String({ minLength: 1, maxLength: 10 })),
          /** The first line that begins so is the trailer's. */
          endAt: Type.Optional(Type.String({ minLength: 1, maxLength: 10 })),
          /** What every row must say. */
          constants: Type.Optional(Condition),
        },
        strict,
      ),
    ),
    kinds: Type.Array(KindRule, { minItems: 1, maxItems: 50 }),
    amount: Amount,
    fee: Type.Optional(Fee),
    ourNo: TextField,
    providerNo: TextField,
    account: Type.Optional(Account),
    memo: Type.Optional(TextField),
    occurredAt: Type.Optional(Moment),
    businessDate: Type.Optional(Type.Object({ column: Name, pattern: PatternText }, strict)),
    /** After each row stands what is there then. Rows that come in, and rows that go out, by @direction or a condition. */
    balance: Type.Optional(
      Type.Object({ ...NumberColumn.properties, in: Type.Optional(Condition) }, strict),
    ),
    /** What the row moves on the account: its amount and its fee, in or out. */
    settles: Type.Optional(Settles),
    trailer: Type.Optional(Trailer),
  },
  strict,
)

/** Held against the schema and checked as a whole by readLayout. */
export type Layout = Type.Static<typeof LayoutSchema>
