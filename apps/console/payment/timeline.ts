import type { Timeline } from '../../../contract/client.ts'
import type { IconName } from '../shell/Icon.tsx'

export type TimelineEvent = Timeline['events'][number]
export type EventKind = TimelineEvent['kind']

/** Whose doing it was. Words: timeline.kinds.<kind>. */
export const EVENT_KINDS = ['ours', 'provider', 'notice', 'hospital', 'journal', 'person'] as const

export const ICON_OF_KIND: Record<EventKind, IconName> = {
  ours: 'ours',
  provider: 'provider',
  notice: 'bell',
  hospital: 'hospital',
  journal: 'book',
  person: 'person',
}

export type Step = {
  event: TimelineEvent
  /** Since the event before, in milliseconds; null for the first. */
  sinceMs: number | null
  key: string
}

/** The events in the order of time; those of one instant stay in the order in which they were told. */
export function stepsOf(events: readonly TimelineEvent[]): Step[] {
  const inOrder = events
    .map((event, told) => ({ event, told, atMs: Date.parse(event.at) }))
    .toSorted((a, b) => a.atMs - b.atMs || a.told - b.told)
  return inOrder.map(({ event, told, atMs }, i) => {
    const before = inOrder[i - 1]
    return { event, sinceMs: before ? atMs - before.atMs : null, key: `${event.at} ${told}` }
  })
}

/**
 * What an event's title stands for. `key`: its words, under timeline.titles; `params`: what they are about.
 * Titles come from the hub: an audited action, "system operation" of an exchange, or the memo of an entry.
 */
export function titleOf({ kind, title }: Pick<TimelineEvent, 'kind' | 'title'>): Title {
  switch (kind) {
    case 'ours':
    case 'person':
      return { key: title, params: {}, fine: null }
    case 'journal':
      return titleOfMemo(title)
    case 'provider':
    case 'notice':
    case 'hospital': {
      const at = title.indexOf(' ')
      const [system, operation] = [title.slice(0, at), title.slice(at + 1)]
      return { key: operationKey(system, operation), params: { system }, fine: operation }
    }
  }
}

export type Title = { key: string; params: { system?: string; no?: string }; fine: string | null }

function titleOfMemo(memo: string): Title {
  const move = /^(\w+) (charge|return) (.+)$/.exec(memo)
  if (!move) return { key: `journal.${memo.replaceAll(' ', '_')}`, params: {}, fine: null }
  const [, system = '', kind = '', no = ''] = move
  return { key: `journal.${kind}`, params: { system, no }, fine: no }
}

// The operations that have words of their own; of any other its protocol's words are shown.
function operationKey(system: string, operation: string): string {
  if (operation === 'notice') return 'notice'
  const known = OPERATIONS.find(([pattern]) => pattern.test(`${system} ${operation}`))
  return known ? `operations.${known[1]}` : 'operations.other'
}

const OPERATIONS: readonly [RegExp, string][] = [
  [/^wechat POST .*\/transactions\/jsapi$/, 'order'],
  [/^wechat GET .*\/out-trade-no\//, 'query'],
  [/^wechat POST .*\/close$/, 'close'],
  [/^wechat POST .*\/refunds$/, 'refund'],
  [/^wechat GET .*\/refunds\//, 'queryRefund'],
  [/^his bills\.writeBack$/, 'writeBack'],
  [/^his bills\.voidWriteBack$/, 'voidWriteBack'],
  [/^his bills\.get$/, 'readBill'],
  [/^his refunds\.approve$/, 'approveRefund'],
  [/^his refunds\.complete$/, 'completeRefund'],
  [/^his refunds\.cancel$/, 'cancelRefund'],
  [/^insurance 2206/, 'quoteInsurance'],
  [/^insurance 2207/, 'settleInsurance'],
  [/^insurance 2208/, 'reverseSettlement'],
  [/^insurance 2601/, 'reverseUnknown'],
]

/** JSON as people read it; anything else, and what is no JSON, as it came. Null where there is nothing to read. */
export function readable(text: string | null): string | null {
  if (text === null || text === '' || text === '{}') return null
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
