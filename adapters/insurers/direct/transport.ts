import { createHearing, inUtf8, type Patience } from '../../../platform/outgoing/hear.ts'

export type Sent = { url: string; headers: Record<string, string>; body: string }

const MAX_ANSWER_BYTES = 32 * 1_048_576

const hear = createHearing({ mostBytes: MAX_ANSWER_BYTES })

/** Posts JSON. Never throws: what was not heard to its end is a reason. */
export async function post({ url, headers, body }: Sent, patience: Patience) {
  const ofJson = { 'content-type': 'application/json; charset=utf-8', ...headers }
  return inUtf8(await hear(url, { method: 'POST', headers: ofJson, body }, patience))
}
