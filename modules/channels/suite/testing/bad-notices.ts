import type { NoticeReading, RawNotice } from '../../../payments/index.ts'
import type { Defect } from './memory-bench.ts'
import { signatureOf } from './memory-provider.ts'

// What bad channels do with notices.

const reading =
  (change: (reading: Read) => Partial<Read>): Defect =>
  ({ channel }) => {
    const good = channel.readNotice
    channel.readNotice = (notice) => {
      const read = good(notice)
      return read.outcome === 'read' ? { ...read, ...change(read) } : read
    }
  }

type Read = Extract<NoticeReading, { outcome: 'read' }>

export const newKeyEachTime: Defect = (bench) => {
  let count = 0
  reading(() => ({ dedupeKey: `K${++count}` }))(bench)
}

export const ofAnother = reading(() => ({ about: { kind: 'charge', tradeNo: 'T' } }))

/** Believes some notices as they stand. */
export const believing =
  (isBelieved: (notice: RawNotice) => boolean): Defect =>
  ({ channel }) => {
    const good = channel.readNotice
    channel.readNotice = (notice) => (isBelieved(notice) ? believe(notice) : good(notice))
  }

export const isSigned = ({ headers }: RawNotice) => headers['x-signature'] !== undefined

export const isProven = ({ headers, body }: RawNotice) =>
  headers['x-signature'] === signatureOf(body)

export const falling: Defect = ({ channel }) => {
  const good = channel.readNotice
  channel.readNotice = (notice) => {
    JSON.parse(notice.body.toString())
    return good(notice)
  }
}

function believe({ body }: RawNotice): NoticeReading {
  try {
    const said = JSON.parse(body.toString()) as Record<'id' | 'no', string>
    const about = { kind: 'charge', tradeNo: said.no } as const
    return { outcome: 'read', dedupeKey: said.id, about, summary: '' }
  } catch {
    return { outcome: 'refused', code: 'unreadable' }
  }
}
