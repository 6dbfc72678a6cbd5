import Type from 'typebox'

import { Parameter } from '../../../platform/descriptor/params.ts'
import {
  Content,
  Expression,
  Name,
  object,
  optional,
  text,
  TextMap,
  Title,
  Source,
} from '../../../platform/descriptor/schema-parts.ts'
import {
  Opening,
  Sealing,
  Signing,
  Verification,
} from '../../../platform/descriptor/schema-proofs.ts'
import { StatementFile } from './schema-file.ts'
import { ERROR_MEANINGS, STATE_MEANINGS } from './vocabulary.ts'

// The form of a channel descriptor as one JSON Schema. It is strict: what is not named here is refused.

const errorRows = <const Meanings extends readonly string[]>(meanings: Meanings) =>
  Type.Array(
    object({
      status: optional(Type.String({ pattern: '^([1-5]xx|[1-5][0-9]{2})$' })),
      code: optional(text(100)),
      detail: optional(text(100)),
      means: Type.Enum(meanings),
      /** Our word for it, in declines and reports. */
      as: Type.String({ pattern: '^[a-z][a-z0-9_]{1,39}$' }),
    }),
    { maxItems: 100 },
  )

const REQUEST = {
  method: Type.Enum(['GET', 'POST', 'PUT', 'DELETE']),
  path: Type.String({ pattern: '^/', maxLength: 500 }),
  headers: optional(TextMap(500)),
  /** Words of this operation for templates and expressions: vars.method. */
  vars: optional(TextMap(200)),
  body: optional(Expression),
}

const answerOf = <const States extends readonly string[], const Errors extends readonly string[]>(
  states: States,
  errors: Errors,
) =>
  object({
    success: Expression,
    read: Expression,
    states: optional(Type.Record(Type.String(), Type.Enum(states))),
    error: optional(Expression),
    errors: optional(errorRows(errors)),
  })

const Charge = object({
  ...REQUEST,
  answer: answerOf(STATE_MEANINGS.charge, ERROR_MEANINGS.charge),
})

const Notice = object({
  contentType: Content,
  /** Without it a notice is proven as an answer is. */
  verify: optional(Verification),
  open: optional(Opening),
  read: Expression,
  /** What a notice is about, by the event it names; any other event is refused. */
  events: Type.Record(Type.String(), Type.Enum(['charge', 'refund'])),
  reply: object({
    status: Type.Enum([200, 204]),
    contentType: text(100),
    body: Type.String({ maxLength: 500 }),
  }),
})

const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' })

const Statement = object({
  /** The time of the next day, in Shanghai, before which the provider is not asked. */
  readyFrom: TimeOfDay,
  /** From then on "there is none" is believed, when our books have nothing either. */
  settledFrom: optional(TimeOfDay),
  ...REQUEST,
  answer: object({
    /** address: the answer says where the file lies. body: the answer is the file. field: a field of it is. */
    kind: Type.Enum(['address', 'body', 'field']),
    success: Expression,
    /** { url, hash } of an address; { hash } of the others, where one is announced. */
    read: optional(Expression),
    /** Of a field: where it stands in what was proven, and whether it is base64. */
    contentAt: optional(Type.String({ pattern: '^/' })),
    base64: optional(Type.Boolean()),
    error: optional(Expression),
    errors: optional(errorRows(ERROR_MEANINGS.statement)),
  }),
  download: optional(
    object({
      /** Whether the request for the file is signed; our signature goes to our own hosts only. */
      signed: Type.Boolean(),
      /** Hosts besides our own at which the file may lie. */
      hosts: optional(Type.Array(text(200), { maxItems: 8 })),
    }),
  ),
  file: StatementFile,
})

const Wire = object({
  contentType: Content,
  xmlRoot: optional(Name),
  /** seconds, millis, or a pattern of Shanghai's wall clock. */
  timestamp: text(40),
  nonceBytes: Type.Integer({ minimum: 8, maximum: 32 }),
  headers: optional(TextMap(500)),
  seal: optional(Sealing),
  /** What is sent, made of `body` and, when all of it is sealed, of `sealed`. */
  envelope: optional(Expression),
  sign: optional(Signing),
})

export const DescriptorSchema = object({
  format: Type.Enum([1]),
  name: Type.String({ pattern: '^[a-z][a-z0-9-]{1,39}$' }),
  /** What stands in tenders, accounts and reports: 'wechat'. */
  provider: Type.String({ pattern: '^[a-z][a-z0-9_]{1,19}$' }),
  titles: Title,
  /** Set where facts are not certain: shown wherever the channel can be chosen. */
  specimen: optional(Title),
  parameters: Type.Array(Parameter, { minItems: 1, maxItems: 40 }),
  limits: object({
    amountMinFen: Type.Integer({ minimum: 1 }),
    amountMaxFen: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    answerBytes: optional(Type.Integer({ minimum: 1_024, maximum: 8_388_608 })),
    fileBytes: optional(Type.Integer({ minimum: 1_024, maximum: 67_108_864 })),
    timeoutMs: optional(Type.Integer({ minimum: 100, maximum: 60_000 })),
    expressionMs: optional(Type.Integer({ minimum: 20, maximum: 2_000 })),
  }),
  /** Parameters of the format origin: the next is asked when one cannot be reached. */
  hosts: Type.Array(Name, { minItems: 1, maxItems: 3 }),
  wire: Wire,
  answers: object({
    contentType: Content,
    verify: Verification,
    open: optional(Opening),
    /** Where an answer repeats the nonce of its request, so that no other answer can stand in for it. */
    nonceEcho: optional(Source),
  }),
  /** Fields whose values must not stand in a trace. */
  mask: optional(Type.Array(text(64), { maxItems: 64 })),
  /** Refusals that mean the same to every operation: looked at first. */
  errors: optional(errorRows(ERROR_MEANINGS.common)),
  charge: object({
    account: optional(Charge),
    qr_code: optional(Charge),
    page: optional(Charge),
    app: optional(Charge),
    barcode: optional(Charge),
    card: optional(Charge),
    counter: optional(Charge),
  }),
  query: object({ ...REQUEST, answer: answerOf(STATE_MEANINGS.query, ERROR_MEANINGS.query) }),
  release: object({
    ...REQUEST,
    /** Asks first, and stops when there is money: for a provider whose release would give it back. */
    askFirst: optional(Type.Boolean()),
    answer: answerOf(STATE_MEANINGS.release, ERROR_MEANINGS.release),
    /** What is done in its place when the query found none, which a payer may still bring about. */
    whenAbsent: optional(
      object({ ...REQUEST, answer: answerOf(STATE_MEANINGS.release, ERROR_MEANINGS.release) }),
    ),
  }),
  refund: object({ ...REQUEST, answer: answerOf(STATE_MEANINGS.refund, ERROR_MEANINGS.refund) }),
  queryRefund: object({
    ...REQUEST,
    answer: answerOf(STATE_MEANINGS.queryRefund, ERROR_MEANINGS.queryRefund),
  }),
  notice: optional(Notice),
  statement: optional(Statement),
})

/** A channel as data: how it is spoken to, and what its words mean. */
export type Descriptor = Type.Static<typeof DescriptorSchema>
export type NoticeDescription = Type.Static<typeof Notice>
export type StatementDescription = Type.Static<typeof Statement>

/** What every operation has in common, the statement included. */
export type RequestDescription = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  /** Sent as it is given, when an answer said where something lies; it may hold a token. */
  rawPath?: string
  headers?: Record<string, string>
  vars?: Record<string, string>
  body?: string
}

/** What every answer but the statement's has in common. */
export type AnswerDescription = {
  success: string
  read: string
  states?: Record<string, string>
  error?: string
  errors?: ErrorRow[]
}

export type ErrorRow = {
  status?: string
  code?: string
  detail?: string
  means: string
  as: string
}
