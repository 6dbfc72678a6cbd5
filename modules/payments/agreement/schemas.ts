import Type from 'typebox'

import { Fen, Instant, nullable } from '../../../platform/http/schemas.ts'
import { Action, HospitalParam } from '../schemas.ts'

// What the routes of agreements take and give, as JSON Schema.

const MOST_FEN = 10_000_000

const Limit = (description: string) =>
  Type.Integer({ minimum: 1, maximum: MOST_FEN, description: `Fen. ${description}` })

export const Limits = Type.Object(
  {
    limitPerPaymentFen: Limit('The most that one payment may take.'),
    limitPerDayFen: Limit('The most that the payments of one day may take together.'),
  },
  { additionalProperties: false },
)

export const NewAgreement = Type.Object(
  {
    ...Limits.properties,
    channel: Type.String({ minLength: 1, maxLength: 30, examples: ['alipay'] }),
    returnUrl: Type.Optional(
      Type.String({
        maxLength: 500,
        pattern: '^https?://',
        description: "Where the provider's page leads back to",
      }),
    ),
  },
  { additionalProperties: false },
)

export const AgreementView = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    hospitalId: HospitalParam,
    channel: Type.String(),
    state: Type.Enum(['signing', 'active', 'unknown', 'revoking', 'revoked'], {
      description:
        'Only an active one is charged. revoking: the payer has ended it, and the provider has not said so yet',
    }),
    limitPerPaymentFen: Fen('Chosen by the payer.'),
    limitPerDayFen: Fen('Chosen by the payer.'),
    usedTodayFen: Fen('By payments at this channel without a password.'),
    leftTodayFen: Fen('Of the day; zero where nothing may be charged.'),
    agreementNo: nullable(Type.String({ description: "The end of the provider's number" })),
    endReason: nullable(Type.Enum(['by_payer', 'by_provider', 'not_signed'])),
    createdAt: Instant,
    signedAt: nullable(Instant),
    validUntil: nullable(Instant),
    revokedAt: nullable(Instant),
  },
  { $id: 'Agreement' },
)

const OfferView = Type.Object({
  channel: Type.String(),
  mostPerPaymentFen: Fen('The most that the contract allows.'),
  mostPerDayFen: Fen('The most that the contract allows.'),
})

const View = Type.Unsafe<Type.Static<typeof AgreementView>>(Type.Ref('Agreement'))

export const Agreement = View

export const AgreementList = Type.Object({
  items: Type.Array(View),
  offers: Type.Array(OfferView),
})

export const SignedAgreement = Type.Object({ agreement: View, payerAction: nullable(Action) })
