import { createHearing } from '../../../platform/outgoing/hear.ts'

const MAX_ANSWER_BYTES = 32 * 1_048_576

const hear = createHearing({ mostBytes: MAX_ANSWER_BYTES })

/** Posts a form. Never throws: what was not heard to its end is a reason. */
export const post = (url: string, form: string, timeoutMs: number) =>
  hear(url, { method: 'POST', headers: OF_FORM, body: form }, { timeoutMs })

const OF_FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
