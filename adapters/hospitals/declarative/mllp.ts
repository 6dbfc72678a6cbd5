import { type Hl7Problem, segmentOf, textAt } from '../../../platform/hl7/message.ts'
import { MllpClient } from '../../../platform/hl7/mllp/client.ts'
import { serialize } from '../../../platform/hl7/serialize.ts'
import { fromView, viewOf } from '../../../platform/hl7/view.ts'
import { type Asked, type Context, type Heard, NotMade } from './context.ts'
import { limitsOf } from './http.ts'
import type { MllpWire } from './schema.ts'

const IN_FLIGHT = 1

/**
 * Sends an HL7 message and reads its answer, both as plain JSON (platform/hl7/view.ts). What is not acknowledged is
 * silence. Errors: throws NotMade for a message that cannot be made; nothing is sent then.
 */
export async function askMllp(
  context: Context,
  wire: MllpWire,
  { asked, document }: { asked: Asked; document: unknown },
): Promise<Heard> {
  const read = fromView(document, { charset: CHARSETS[wire.encoding ?? 'utf-8'] })
  if (!read.ok) throw new NotMade(wordsOf(read.problem))
  const made = serialize(read.message)
  if (!made.ok) throw new NotMade(wordsOf(made.problem))
  const controlId = textAt(segmentOf(read.message, 'MSH'), 10)
  tell('request', made.bytes.length, document)
  const answer = await clientOf(context, wire).send(made.bytes, controlId)
  if (answer.kind === 'unknown') {
    return { kind: 'silence', reason: answer.reason, sent: document }
  }
  const body = viewOf(answer.message)
  tell('response', answer.bytes.length, body)
  return { kind: 'heard', status: 200, body, sent: document }

  function tell(step: 'request' | 'response', bytes: number, shown: unknown): void {
    const fields = {
      line: `MLLP, ${bytes} bytes`,
      text: context.mask.document(shown, asked.secrets),
    }
    context.deps.explain?.({ operation: asked.operation, step, fields })
  }
}

const wordsOf = ({ code, message }: Hl7Problem): string => `no HL7 message: ${code}, ${message}`

const CHARSETS = { 'utf-8': 'UNICODE UTF-8', gb18030: 'GB 18030-2000' } as const

// One connection for each hospital's system, made with the first message and kept.
const clients = new WeakMap<Context, Map<string, MllpClient>>()

function clientOf(context: Context, wire: MllpWire): MllpClient {
  const { account } = context
  const [host, port] = [account.open[wire.host], account.open[wire.port]]
  if (host === undefined || port === undefined) throw new NotMade('it has no host')
  const own = clients.get(context) ?? new Map<string, MllpClient>()
  clients.set(context, own)
  const name = `${host}:${port}`
  const { pauseMs } = limitsOf(context)
  const client =
    own.get(name) ??
    new MllpClient({
      host,
      port: Number(port),
      defaultCharset: CHARSETS[wire.encoding ?? 'utf-8'],
      connectTimeoutMs: pauseMs,
      answerTimeoutMs: pauseMs,
      inFlight: IN_FLIGHT,
    })
  own.set(name, client)
  return client
}
