import Type from 'typebox'
import { Compile } from 'typebox/compile'

import type { NoticeReading, NoticeRefusal, RawNotice } from '../../../modules/payments/index.ts'
import type { Context } from './context.ts'
import { prove } from './proofs.ts'

const Reading = Compile(
  Type.Object({
    dedupeKey: Type.String({ minLength: 1, maxLength: 128 }),
    event: Type.String({ minLength: 1, maxLength: 64 }),
    ourNo: Type.String({ minLength: 1, maxLength: 64 }),
    same: Type.Optional(Type.Boolean()),
  }),
)

/** Larger than any notice of a payment. */
const MAX_NOTICE_BYTES = 262_144

/**
 * Reads a notice: proven, opened, held against our account. It only says what to ask about; what happened is told by
 * the query.
 */
export function readNotice(context: Context, notice: RawNotice): NoticeReading {
  const description = context.descriptor.notice
  if (description === undefined || notice.body.length > MAX_NOTICE_BYTES)
    return refused('unreadable')
  const verify = description.verify ?? context.descriptor.answers.verify
  const proven = prove(
    context,
    { contentType: description.contentType, verify, open: description.open },
    { operation: 'notice', status: 0, headers: notice.headers, body: notice.body, request: null },
  )
  if (!proven.ok) return refused(proven.code)
  const input = { ...proven.document, params: context.account.open }
  const read = context.expressions.evaluate(description.read, input)
  context.deps.explain?.({
    operation: 'notice',
    step: 'reading',
    fields: {
      input: context.mask.document(input),
      output: read.ok ? context.mask.document(read.value) : '',
      problem: read.ok ? '' : read.reason,
    },
  })
  if (!read.ok || !Reading.Check(read.value)) return refused('unreadable')
  const { dedupeKey, event, ourNo, same } = read.value
  if (same === false) return refused('foreign')
  const kind = Object.hasOwn(description.events, event) ? description.events[event] : undefined
  if (kind === undefined) return refused('unreadable')
  return {
    outcome: 'read',
    dedupeKey,
    about: kind === 'charge' ? { kind, tradeNo: ourNo } : { kind, refundNo: ourNo },
    summary: context.mask.text(`${event} ${ourNo}`),
  }
}

const refused = (code: NoticeRefusal): NoticeReading => ({ outcome: 'refused', code })
