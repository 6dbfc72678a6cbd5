import Type from 'typebox'

import { OPERATION_NAMES, REFUSALS } from '../../../modules/hospitals/index.ts'
import { Parameter } from '../../../platform/descriptor/params.ts'
import {
  Expression,
  Name,
  object,
  optional,
  text,
  TextMap,
  Title,
} from '../../../platform/descriptor/schema-parts.ts'
import { Signing, Verification } from '../../../platform/descriptor/schema-proofs.ts'

// The form of a product descriptor: what a hospital system speaks, as one JSON Schema. What is not named here is refused.

const Encoding = Type.Enum(['utf-8', 'gb18030'])

/** none: there is nothing of the kind, the step has no answer and the next goes on. unknown: nobody can say. */
export const MEANINGS = [...REFUSALS.values(), 'none', 'unknown'] as const

const RefusalRow = object({
  status: optional(Type.String({ pattern: '^([1-5]xx|[1-5][0-9]{2})$' })),
  code: optional(text(100)),
  /** The code is found in the message. */
  says: optional(text(100)),
  means: Type.Enum([...MEANINGS]),
})

const Judgement = {
  /** Over { status, body, asked, params }: whether the other side has done it. */
  success: optional(Expression),
  /** Of what is no success: { code, message, and of a refusal: version, totalFen, paymentNo, lines }. */
  error: optional(Expression),
  errors: optional(Type.Array(RefusalRow, { maxItems: 100 })),
}

const HttpWire = object({
  kind: Type.Literal('http'),
  /** A parameter of the format base_url. */
  host: Name,
  method: Type.Enum(['GET', 'POST']),
  /** A template: {vars} of the step, parameters, {timestamp}, {nonce}. */
  path: Type.String({ maxLength: 500 }),
  content: Type.Enum(['json', 'form', 'xml']),
  /** The name of the outer element. */
  xmlRoot: optional(Name),
  /** a[0].b=1 for what is nested in a form. */
  nestedForm: optional(Type.Boolean()),
  encoding: optional(Encoding),
  headers: optional(TextMap(500)),
  /** What is sent around `body`, which every step makes: over { body, asked, params, vars, call }. */
  envelope: optional(Expression),
  sign: optional(Signing),
  /** What stands behind the text that is signed, where every part ends in the joiner. */
  signSuffix: optional(text(4)),
  /** What comes back, when it is not as what was sent. */
  answerContent: optional(Type.Enum(['json', 'form', 'xml'])),
  /** Numbers with a point in an answer of JSON stay texts, digit by digit: no amount becomes a binary fraction. */
  decimals: optional(Type.Literal('text')),
  verify: optional(Verification),
  /** What is inside of an answer, over { body }: a text of JSON or XML in a field is parsed by $parseJson or $parseXml. */
  open: optional(Expression),
  ...Judgement,
})

const SoapWire = object({
  kind: Type.Literal('soap'),
  version: Type.Enum(['1.1', '1.2']),
  host: Name,
  path: Type.String({ maxLength: 500 }),
  namespace: text(300),
  /** A template: the name of the operation is the element in the body, {operation} of the step's vars unless told. */
  operation: text(200),
  /** A template of the header SOAPAction. */
  action: optional(Type.String({ maxLength: 300 })),
  /** The one argument of text, and the one result: empty takes the first there is. */
  argument: Name,
  result: optional(Name),
  /** What the argument and the result hold. */
  content: Type.Enum(['json', 'xml']),
  xmlRoot: optional(Name),
  /** The argument stands in CDATA in place of being escaped. */
  cdata: optional(Type.Boolean()),
  /** The argument stands in no namespace; otherwise it is in that of the operation. */
  bareArgument: optional(Type.Boolean()),
  /** Fields of the argument that are an account's secrets, by the parameter (of the format key_text) that holds each. */
  secretFields: optional(Type.Record(Type.String(), Name)),
  encoding: optional(Encoding),
  headers: optional(TextMap(500)),
  envelope: optional(Expression),
  sign: optional(Signing),
  ...Judgement,
})

const MllpWire = object({
  kind: Type.Literal('mllp'),
  /** Parameters: the host and the port. */
  host: Name,
  port: Name,
  /** Unless MSH-18 says so. */
  encoding: optional(Encoding),
  /** What every message is, around the `body` of a step: over { body, asked, params, vars, call }. */
  envelope: optional(Expression),
  ...Judgement,
})

const FolderWire = object({
  kind: Type.Literal('folder'),
  /** A parameter: the folder that the hospital's files are laid into, as by SFTP. */
  folder: Name,
  /** A template of the file's name: {vars} of the step, parameters, and the texts of its body. */
  file: text(200),
  encoding: optional(Encoding),
  /** Of each line: fields cut at this text; the first line is left out. */
  separator: Type.String({ minLength: 1, maxLength: 4 }),
  skipLines: optional(Type.Integer({ minimum: 0, maximum: 10 })),
  ...Judgement,
})

export const WIRES = { http: HttpWire, soap: SoapWire, mllp: MllpWire, folder: FolderWire } as const

/** Each is checked by the schema of its kind: of a choice between four, nobody could say what is wrong. */
const AnyWire = Type.Object({ kind: Type.Enum(['http', 'soap', 'mllp', 'folder']) })

const Step = object({
  /** Under which its answer is found in `steps`. */
  name: Name,
  wire: Name,
  vars: optional(TextMap(200)),
  /** Over { asked, params, codes, vars, call, steps, item }. */
  body: optional(Expression),
  /** Done for each of these, at most a hundred; `steps` holds a list then, in their order. */
  each: optional(Expression),
  /** Left out unless this is true. */
  when: optional(Expression),
  ...Judgement,
  /**
   * Of a wire of HTTP and GET, over the same: the address of the next page, at the wire's own host, or nothing. The step's
   * answer is the list of all pages then.
   */
  next: optional(Expression),
  /** Over the same and this step's answer: a refusal { means, message, … } of ours, or nothing. */
  refuse: optional(Expression),
})

const Described = object({
  /** Over { asked, params }: names of what was remembered; it stands in `recalled`, by its name. */
  recall: optional(Expression),
  /** Over { asked, params, codes, call, recalled }: a refusal { means, message, … } before anything is sent, or nothing. */
  refuse: optional(Expression),
  steps: Type.Array(Step, { minItems: 0, maxItems: 8 }),
  /** Over the same and `steps`: names that only the answers tell; they join `recalled`. */
  recallAfter: optional(Expression),
  /** Over { asked, params, codes, call, recalled, steps }: the answer in the words of contract/hospital.json. */
  answer: Expression,
  /** Over the same and `answer`: what to remember, by names that hold nothing personal. */
  remember: optional(Expression),
})

/** A line of the hub's own, on which the hospital's system tells what happens. */
const Listen = object({
  /** A parameter of the format port; a hospital that leaves it out is not listened to. */
  port: Name,
  /** Of messages whose MSH-18 is empty. */
  encoding: optional(Encoding),
  /** Over { message, params }: whether a message is of this hospital; another is refused. */
  accept: optional(Expression),
})

const NoticeRow = object({
  /** Over { message, params, codes }: whether a message is of this kind. */
  when: Expression,
  /** Over the same: a notice of contract/hospital.json. */
  read: Expression,
})

export const ProductSchema = object({
  format: Type.Enum([1]),
  name: Type.String({ pattern: '^[a-z][a-z0-9-]{1,39}$' }),
  version: text(20),
  titles: Title,
  /** Set where facts are not certain: shown wherever the product can be chosen. */
  specimen: optional(Title),
  /** The document that it was written from. */
  source: text(300),
  parameters: Type.Array(Parameter, { minItems: 1, maxItems: 40 }),
  limits: optional(
    object({
      answerBytes: optional(Type.Integer({ minimum: 1_024, maximum: 16_777_216 })),
      timeoutMs: optional(Type.Integer({ minimum: 100, maximum: 60_000 })),
      /** How many calls may be under way at once: more are not begun. */
      atOnce: optional(Type.Integer({ minimum: 1, maximum: 256 })),
      expressionMs: optional(Type.Integer({ minimum: 20, maximum: 2_000 })),
    }),
  ),
  /** Fields of its messages that may be shown to those who look for a fault; all others are hidden in a trace. */
  shown: optional(Type.Array(text(64), { maxItems: 200 })),
  /** Its words for ours, table by table; a hospital may add its own. */
  codes: optional(Type.Record(Name, TextMap(60))),
  wires: Type.Record(Name, AnyWire),
  ...Judgement,
  operations: object(
    Object.fromEntries(OPERATION_NAMES.map((name) => [name, optional(Described)])),
  ),
  listen: optional(Listen),
  notices: optional(Type.Array(NoticeRow, { maxItems: 20 })),
})

/** A hospital system as data. */
export type Product = Omit<Type.Static<typeof ProductSchema>, 'operations' | 'wires'> & {
  wires: Record<string, Wire>
  operations: Partial<Record<(typeof OPERATION_NAMES)[number], Described>>
}
export type Described = Type.Static<typeof Described>
export type Step = Type.Static<typeof Step>
export type Wire = HttpWire | SoapWire | FolderWire | MllpWire
export type HttpWire = Type.Static<typeof HttpWire>
export type SoapWire = Type.Static<typeof SoapWire>
export type FolderWire = Type.Static<typeof FolderWire>
export type MllpWire = Type.Static<typeof MllpWire>
export type RefusalRow = Type.Static<typeof RefusalRow>
