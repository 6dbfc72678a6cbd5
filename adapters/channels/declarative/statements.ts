import { createHash } from 'node:crypto'

import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { ZERO } from '../../../kernel/money.ts'
import { addDays, type BusinessDate, instantAt } from '../../../kernel/time.ts'
import type {
  Channel,
  ProviderCall,
  StatementAnswer,
  StatementRequest,
} from '../../../modules/payments/index.ts'
import { valueAt } from '../../../platform/descriptor/pointers.ts'
import type { Fetched, Question, Wire } from './client.ts'
import { type Context, type Subject, type Unknown, unknown } from './context.ts'
import { meaningOf } from './meanings.ts'
import type { Document } from './proofs.ts'
import type { StatementDescription } from './schema.ts'
import { readBill } from './statement-file.ts'
import { type Refused, refused, unpack } from './statement-unpack.ts'

/** What an answer says of the file: where it lies, and its hash. */
const Announced = Compile(
  Type.Object({
    url: Type.Optional(Type.String({ minLength: 1, maxLength: 2_048 })),
    hash: Type.Optional(Type.String({ maxLength: 128 })),
  }),
)

/** The bill of a closed day: asked for, fetched, unpacked, proven by hash and sums, and read. */
export const createStatements = (wire: Wire): Pick<Channel, 'statement'> => ({
  statement: (call, request) => statement(wire, call, request),
})

async function statement(
  wire: Wire,
  call: ProviderCall,
  { businessDate, ownMoves }: StatementRequest,
): Promise<StatementAnswer> {
  const { context } = wire
  const description = context.descriptor.statement
  if (description === undefined) return notReady('this channel has no statement')
  const { readyFrom, settledFrom } = description
  if (!hasCome(context, businessDate, readyFrom)) {
    return notReady(`statements are made from ${readyFrom} of the next day`)
  }
  const file = await fileOf(wire, call, description, businessDate)
  switch (file.outcome) {
    case 'none': {
      // From then on "there is none" is the provider's last word, and no longer "not yet".
      const isSettled = settledFrom !== undefined && hasCome(context, businessDate, settledFrom)
      return ownMoves.length === 0 && isSettled ? emptyStatement() : notReady(file.reason)
    }
    case 'bytes':
      return readStatement(context, description, file)
    default:
      return file
  }
}

function readStatement(
  { account }: Context,
  { file: layout }: StatementDescription,
  { bytes, hash }: Bytes,
): StatementAnswer {
  const unpacked = unpack(layout, bytes, hash)
  if (unpacked.outcome === 'refused') return unpacked
  const { content } = unpacked
  const bill = readBill(layout, content, account.open)
  if (bill.outcome === 'refused') return bill
  const { lines, feeFen } = bill
  return { outcome: 'lines', lines, feeFen, content, sha256: sha256(content) }
}

async function fileOf(
  wire: Wire,
  call: ProviderCall,
  description: StatementDescription,
  date: BusinessDate,
): Promise<File> {
  const { context, client } = wire
  const subject = { statement: { date, day: date.replaceAll('-', '') } }
  const question = { operation: 'statement', description, subject }
  const ask = description.answer.kind === 'address' ? client.ask : client.askForFile
  const answer = await ask<File | Addressed>(call, question, (document, bytes) =>
    readAnswer(context, description, subject, { document, bytes }),
  )
  return answer.outcome === 'address' ? download(wire, call, description, answer) : answer
}

async function download(
  { context, client }: Wire,
  call: ProviderCall,
  description: StatementDescription,
  address: Addressed,
): Promise<File> {
  const target = downloadTarget(context, description, address.url)
  if (target === null) {
    return refused('layout', 'the file lies at a host that is not one of this provider')
  }
  const { origin, path, signed } = target
  const question: Question = {
    operation: 'statement.download',
    description: { method: 'GET', path: path.replace(/\?.*$/s, ''), rawPath: path },
    subject: {},
  }
  const fetched = await client.fetch(call, question, { origin, signed })
  if (fetched.outcome !== 'fetched') return notFetched(fetched)
  if (fetched.status !== 200) return unknown(`the file was answered with HTTP ${fetched.status}`)
  return { outcome: 'bytes', bytes: fetched.bytes, hash: address.hash }
}

function readAnswer(
  context: Context,
  description: StatementDescription,
  subject: Subject,
  { document, bytes }: { document: Document; bytes: Buffer },
): File | Addressed {
  const { answer } = description
  const input = { ...document, params: context.account.open, ...subject }
  const success = context.expressions.evaluate(answer.success, input)
  if (!success.ok || typeof success.value !== 'boolean') return unknown('no success, no refusal')
  if (!success.value) return refusalOf(context, description, subject, document)
  const read = context.expressions.evaluate(answer.read ?? '{}', input)
  if (!read.ok) return unknown(`the answer cannot be read: ${read.reason}`)
  if (!Announced.Check(read.value)) return unknown('the answer cannot be read')
  const { url, hash = null } = read.value
  switch (answer.kind) {
    case 'address':
      return url === undefined
        ? unknown('the address cannot be read')
        : { outcome: 'address', url, hash }
    case 'body':
      return { outcome: 'bytes', bytes, hash }
    case 'field': {
      const text = valueAt(document.body, answer.contentAt ?? '')
      if (typeof text !== 'string') return unknown('the file in the answer cannot be read')
      const content = Buffer.from(text, answer.base64 === true ? 'base64' : 'utf8')
      return { outcome: 'bytes', bytes: content, hash }
    }
  }
}

function refusalOf(
  context: Context,
  { answer }: StatementDescription,
  subject: Subject,
  document: Document,
): File {
  const { error, errors } = answer
  const described = {
    success: 'false',
    read: 'null',
    ...(error === undefined ? {} : { error }),
    ...(errors === undefined ? {} : { errors }),
  }
  const meaning = meaningOf(context, 'statement', described, subject, document)
  if (meaning.outcome === 'unknown') return meaning
  return meaning.means === 'none'
    ? { outcome: 'none', reason: meaning.reason }
    : notReady(meaning.reason)
}

/** Our signature goes to our own hosts only, whatever an address says; null for a host nobody named. */
function downloadTarget(
  { descriptor, account, deps }: Context,
  { download }: StatementDescription,
  address: string,
) {
  if (!URL.canParse(address)) return null
  const { origin, host, pathname, search } = new URL(address)
  const hosts = descriptor.hosts.flatMap((name) => account.open[name] ?? [])
  const own = [...hosts, ...(deps.behind ?? [])]
  const path = `${pathname}${search}`
  if (own.includes(origin)) return { origin, path, signed: download?.signed ?? false }
  return download?.hosts?.includes(host) && origin.startsWith('https:')
    ? { origin, path, signed: false }
    : null
}

function notFetched(fetched: Exclude<Fetched, { outcome: 'fetched' }>): File {
  return fetched.outcome === 'too_large' ? refused('layout', 'the file is too large') : fetched
}

const hasCome = ({ deps }: Context, businessDate: BusinessDate, time: string): boolean =>
  deps.clock.now() >= instantAt(addDays(businessDate, 1), `${time}:00`)

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Nothing was traded, so there is no bill. */
const emptyStatement = (): StatementAnswer => ({
  outcome: 'lines',
  lines: [],
  feeFen: ZERO,
  content: '',
  sha256: sha256(''),
})

const notReady = (reason: string) => ({ outcome: 'not_ready', reason }) as const

type Bytes = { outcome: 'bytes'; bytes: Buffer; hash: string | null }
type Addressed = { outcome: 'address'; url: string; hash: string | null }
type File =
  | Bytes
  | Refused
  | Unknown
  | { outcome: 'none'; reason: string }
  | { outcome: 'not_ready'; reason: string }
