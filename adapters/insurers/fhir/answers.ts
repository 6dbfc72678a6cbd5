import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { type Fen, parseYuan } from '../../../kernel/money.ts'
import { type BusinessDate, isBusinessDate } from '../../../kernel/time.ts'

// The resources of the insurer, as far as the hub reads them. Elements that are not named here are let be.

const Text = Type.String({ minLength: 1, maxLength: 64 })
const Words = Type.String({ maxLength: 500 })
const Money = Type.Object({ value: Type.Number(), currency: Type.Literal('CNY') })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const Moment = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$',
})
const Coding = Type.Object({ system: Words, code: Text })
const Concept = Type.Object({ coding: Type.Array(Coding, { minItems: 1, maxItems: 10 }) })
const Identifier = Type.Object({ system: Words, value: Text })
const Identified = Type.Object({ identifier: Identifier })

export const Token = Compile(
  Type.Object({
    access_token: Type.String({ minLength: 1, maxLength: 4_096, pattern: '^[\\x21-\\x7e]+$' }),
    token_type: Text,
    expires_in: Type.Integer({ minimum: 1, maximum: 86_400 }),
  }),
)

export const OperationOutcome = Compile(
  Type.Object({
    resourceType: Type.Literal('OperationOutcome'),
    issue: Type.Array(
      Type.Object({
        severity: Text,
        code: Text,
        details: Type.Object({ coding: Type.Array(Coding, { minItems: 1 }), text: Words }),
      }),
      { minItems: 1, maxItems: 20 },
    ),
  }),
)

export const SearchSet = Compile(
  Type.Object({
    resourceType: Type.Literal('Bundle'),
    type: Type.Literal('searchset'),
    total: Type.Integer({ minimum: 0 }),
    entry: Type.Optional(Type.Array(Type.Object({ resource: Type.Unknown() }))),
  }),
)

export const TransactionResponse = Compile(
  Type.Object({
    resourceType: Type.Literal('Bundle'),
    type: Type.Literal('transaction-response'),
    entry: Type.Array(
      Type.Object({
        resource: Type.Optional(Type.Unknown()),
        response: Type.Object({ status: Text }),
      }),
      { minItems: 1 },
    ),
  }),
)

export const Coverage = Compile(
  Type.Object({
    resourceType: Type.Literal('Coverage'),
    identifier: Type.Array(Identifier, { minItems: 1 }),
    status: Type.Enum(['active', 'draft', 'cancelled']),
    period: Type.Object({ start: Day, end: Day }),
    extension: Type.Optional(
      Type.Array(Type.Object({ url: Words, valueDate: Type.Optional(Day) })),
    ),
    class: Type.Array(
      Type.Object({ value: Text, name: Type.String({ minLength: 1, maxLength: 200 }) }),
      { minItems: 1 },
    ),
  }),
)

export const Eligibility = Compile(
  Type.Object({
    resourceType: Type.Literal('CoverageEligibilityResponse'),
    outcome: Type.Literal('complete'),
    insurance: Type.Array(
      Type.Object({
        coverage: Identified,
        item: Type.Array(
          Type.Object({
            extension: Type.Optional(
              Type.Array(
                Type.Object({
                  url: Words,
                  valueUnsignedInt: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
                }),
              ),
            ),
            category: Type.Optional(Concept),
            excluded: Type.Boolean(),
            benefit: Type.Optional(
              Type.Array(Type.Object({ type: Concept, allowedMoney: Money, usedMoney: Money })),
            ),
          }),
        ),
      }),
    ),
  }),
)

const Adjudication = Type.Object({ category: Concept, amount: Money })

export const ClaimResponse = Compile(
  Type.Object({
    resourceType: Type.Literal('ClaimResponse'),
    identifier: Type.Array(Identifier, { minItems: 1 }),
    status: Type.Enum(['active', 'cancelled']),
    use: Type.Enum(['preauthorization', 'claim']),
    created: Moment,
    request: Identified,
    outcome: Type.Enum(['complete', 'error']),
    disposition: Type.Optional(Words),
    preAuthPeriod: Type.Optional(Type.Object({ end: Moment })),
    item: Type.Optional(
      Type.Array(
        Type.Object({
          itemSequence: Type.Integer({ minimum: 1 }),
          adjudication: Type.Array(Adjudication),
        }),
      ),
    ),
    total: Type.Optional(Type.Array(Adjudication)),
    payment: Type.Optional(
      Type.Object({ amount: Money, adjustment: Type.Optional(Money), identifier: Identifier }),
    ),
  }),
)

export const Task = Compile(
  Type.Object({
    resourceType: Type.Literal('Task'),
    identifier: Type.Optional(Type.Array(Identifier, { minItems: 1 })),
    status: Text,
    statusReason: Type.Optional(Type.Object({ text: Words })),
    lastModified: Moment,
    focus: Identified,
    input: Type.Optional(Type.Array(Type.Object({ valueMoney: Type.Optional(Money) }))),
    output: Type.Optional(
      Type.Array(
        Type.Object({
          valueIdentifier: Type.Optional(Identifier),
          valueCode: Type.Optional(Type.Enum(['bill', 'items', 'receipt', 'summary'])),
        }),
      ),
    ),
  }),
)

export const Reconciliation = Compile(
  Type.Object({
    resourceType: Type.Literal('PaymentReconciliation'),
    outcome: Type.Literal('complete'),
    paymentDate: Day,
    paymentAmount: Money,
    detail: Type.Array(
      Type.Object({
        identifier: Identifier,
        type: Concept,
        request: Identified,
        date: Day,
        amount: Money,
      }),
    ),
  }),
)

/** Exact to the fen; null for more than two decimals. May be below zero. */
export const fenOf = ({ value }: { value: number }): Fen | null => parseYuan(String(value))

/** Zero or more. */
export function amountOf(money: { value: number } | undefined): Fen | null {
  const amount = money === undefined ? null : fenOf(money)
  return amount !== null && amount >= 0 ? amount : null
}

export const momentOf = (text: string): Date | null => {
  const moment = new Date(text)
  return isBusinessDate(text.slice(0, 10)) && !Number.isNaN(moment.getTime()) ? moment : null
}

export const dayOf = (text: string): BusinessDate | null => (isBusinessDate(text) ? text : null)

/** The value of the identifier of one system. */
export const identifierIn = (
  identifiers: readonly { system: string; value: string }[] | undefined,
  system: string,
): string | null => identifiers?.find((identifier) => identifier.system === system)?.value ?? null

export const hasCode = (
  concept: { coding: readonly { code: string }[] } | undefined,
  code: string,
): boolean => concept?.coding.some((coding) => coding.code === code) ?? false
