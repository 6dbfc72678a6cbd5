import type { ProviderCall } from '../../../modules/payments/index.ts'
import { type Limits, type Received, sendOnce } from '../../../platform/outgoing/send.ts'
import { type Context, personalOf, type Subject, type Unknown, unknown } from './context.ts'
import { type Meaning, meaningOf } from './meanings.ts'
import { type Document, prove } from './proofs.ts'
import { makeRequest, shownPath, type WireRequest } from './requests.ts'
import type { AnswerDescription, RequestDescription } from './schema.ts'

export type Fetched =
  | { outcome: 'fetched'; status: number; bytes: Buffer }
  | { outcome: 'too_large' }
  | Unknown

export type Client = {
  /** Asks the provider. Only a proven answer reaches `read`; everything else is 'unknown'. */
  ask: Ask
  /** The same of an answer that is a file, and may be as large as one. */
  askForFile: Ask
  /** Fetches a file, which is proven by its hash or its sums. Of another origin it is asked for unsigned. */
  fetch: (
    call: ProviderCall,
    question: Question,
    from: { origin: string; signed: boolean },
  ) => Promise<Fetched>
}

type Ask = <T extends { outcome: string }>(
  call: ProviderCall,
  question: Question,
  read: (document: Document, bytes: Buffer) => T,
) => Promise<T | Unknown>

export type Question = { operation: string; description: RequestDescription; subject: Subject }

export type Wire = { context: Context; client: Client }

/** Asks, reads the answer by the tables of the operation, and settles what it means for this very order. */
export const askMeaning = <T extends { outcome: string }>(
  { context, client }: Wire,
  call: ProviderCall,
  question: Question & { answer: AnswerDescription },
  settle: (meaning: Meaning) => T | Unknown,
): Promise<T | Unknown> =>
  client.ask<T | Unknown>(call, question, (document) => {
    const { operation, answer, subject } = question
    const meaning = meaningOf(context, operation, answer, subject, document)
    return meaning.outcome === 'unknown' ? meaning : settle(meaning)
  })

const MAX_ANSWER_BYTES = 2 * 1024 * 1024
const MAX_FILE_BYTES = 64 * 1024 * 1024
const FILE_DEADLINE_MS = 120_000

/** Speaks with the provider: makes what goes out, proves what comes in, and tells both to the trace. */
export function createClient(context: Context): Client {
  const { descriptor, account, deps } = context
  const { limits } = descriptor
  const timeoutMs = Math.min(deps.timeoutMs, limits.timeoutMs ?? deps.timeoutMs)
  const times = { pauseMs: timeoutMs, deadlineMs: timeoutMs }
  const answerLimits = { ...times, bytes: limits.answerBytes ?? MAX_ANSWER_BYTES }
  const fileLimits = {
    pauseMs: timeoutMs,
    deadlineMs: FILE_DEADLINE_MS,
    bytes: limits.fileBytes ?? MAX_FILE_BYTES,
  }
  const origins = descriptor.hosts.flatMap((name) => account.open[name] ?? [])
  const asking =
    (most: Limits): Ask =>
    (call, question, read) =>
      exchange(
        context,
        call,
        question,
        { origins, signed: true, limits: most },
        (request, received) => readProven(context, request, question, received, read),
      )
  return {
    ask: asking(answerLimits),
    askForFile: asking(fileLimits),
    fetch: (call, question, { origin, signed }) =>
      exchange<Fetched>(
        context,
        call,
        question,
        { origins: [origin], signed, limits: fileLimits },
        (_request, received) => readFile(received),
      ),
  }
}

/** One question: at the next host as well when it is certain that one was not reached. */
async function exchange<T extends { outcome: string }>(
  context: Context,
  call: ProviderCall,
  question: Question,
  target: { origins: readonly string[]; signed: boolean; limits: Limits },
  read: (request: WireRequest, received: Received) => Judged<T | Unknown>,
): Promise<T | Unknown> {
  const { deps } = context
  const { operation, description, subject } = question
  let answer: T | Unknown = unknown('there is no host to ask')
  for (const origin of target.origins) {
    const made = makeRequest(context, operation, description, subject, target.signed)
    if (!made.ok) return unknown(made.reason)
    const startedAt = deps.clock.now()
    const { method, path, headers, body } = made.request
    const received = await sendOnce(
      origin + path,
      {
        method,
        headers: { accept: '*/*', ...headers },
        body,
        connections: deps.outgoing?.(origin),
      },
      target.limits,
    )
    const judged = read(made.request, received)
    answer = judged.answer
    tell(context, call, question, { request: made.request, startedAt, judged })
    if (received.kind !== 'failed' || !received.nothingSent) break
  }
  deps.explain?.({
    operation,
    step: 'result',
    fields: { outcome: answer.outcome, answer: context.mask.document(answer) },
  })
  return answer
}

function tell(
  { descriptor, deps, mask }: Context,
  call: ProviderCall,
  { operation, description, subject }: Question,
  told: { request: WireRequest; startedAt: Date; judged: Judged<{ outcome: string }> },
): void {
  const { request, startedAt, judged } = told
  const personal = personalOf(subject)
  const response = mask.text(judged.text, personal)
  deps.explain?.({ operation, step: 'response', fields: { text: response } })
  const said = request.body === '' ? shownPath(description, request.path) : request.body
  call.trace({
    system: descriptor.provider,
    operation: `${description.method} ${description.path} (${operation})`,
    direction: 'out',
    request: mask.text(said, personal),
    response,
    outcome: judged.answer.outcome,
    startedAt,
    durationMs: deps.clock.now().getTime() - startedAt.getTime(),
  })
}

function readProven<T extends { outcome: string }>(
  context: Context,
  request: WireRequest,
  { operation }: Question,
  received: Received,
  read: (document: Document, bytes: Buffer) => T,
): Judged<T | Unknown> {
  if (received.kind !== 'answered') return judged(unknown(received.reason), received.reason)
  const { status, headers, body } = received
  const text = body.toString('utf8')
  const said = status === 200 ? text : `HTTP ${status} ${text}`
  const proven = prove(context, context.descriptor.answers, {
    operation,
    status,
    headers,
    body,
    request,
  })
  if (!proven.ok) {
    const reason = `HTTP ${status}: ${proven.reason}`
    return judged(unknown(reason), `${reason} ${text}`)
  }
  return judged(read(proven.document, body), said)
}

function readFile(received: Received): Judged<Fetched> {
  switch (received.kind) {
    case 'failed':
      return judged(unknown(received.reason), received.reason)
    case 'too_large':
      return judged({ outcome: 'too_large' }, received.reason)
    case 'answered': {
      const { status, body } = received
      return judged(
        { outcome: 'fetched', status, bytes: body },
        `HTTP ${status}, ${body.length} bytes`,
      )
    }
  }
}

const judged = <T>(answer: T, text: string): Judged<T> => ({ answer, text })

/** The answer, and the words about it for the trace. */
type Judged<T> = { answer: T; text: string }
