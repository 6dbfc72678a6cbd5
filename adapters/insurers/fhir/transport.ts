import { createHearing, inUtf8, type Patience } from '../../../platform/outgoing/hear.ts'

/** Without a body the address is fetched. */
export type Sent = { url: string; headers: Record<string, string>; body: string | null }

const MAX_ANSWER_BYTES = 32 * 1_048_576

const hear = createHearing({ mostBytes: MAX_ANSWER_BYTES })

/** Never throws: what was not heard to its end is a reason. */
export async function send({ url, headers, body }: Sent, patience: Patience) {
  const method = body === null ? 'GET' : 'POST'
  return inUtf8(await hear(url, { method, headers, body }, patience))
}
