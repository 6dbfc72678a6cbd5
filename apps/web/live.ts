import { useEffect, useRef } from 'react'

/** `data` is read from JSON; what it is, the route says. */
export type LiveEvent = { event: string; data: unknown }

type LiveWish = {
  /** Null: nothing is watched. */
  path: string | null
  headers: Record<string, string>
  onEvent: (event: LiveEvent) => void
  /** Whether what is shown is live now. */
  onState?: (isLive: boolean) => void
}

/**
 * Server-sent events while the page is there, read by fetch: EventSource cannot say which app asks, by which the hub knows
 * which session is meant. Comes back by itself, with the id of the last event it has seen.
 */
export function useLive({ path, headers, onEvent, onState }: LiveWish): void {
  const latest = useRef({ onEvent, onState })
  useEffect(() => {
    latest.current = { onEvent, onState }
  })
  const header = JSON.stringify(headers)
  useEffect(() => {
    if (path === null) return
    const abort = new AbortController()
    const wish: Watching = {
      path,
      headers: JSON.parse(header) as Record<string, string>,
      signal: abort.signal,
      onEvent: (event) => latest.current.onEvent(event),
      onState: (isLive) => latest.current.onState?.(isLive),
    }
    void watch(wish)
    return () => abort.abort()
  }, [path, header])
}

type Watching = {
  path: string
  headers: Record<string, string>
  signal: AbortSignal
  onEvent: (event: LiveEvent) => void
  onState: (isLive: boolean) => void
}

const AGAIN_MS = 2_000
const AGAIN_AT_MOST_MS = 30_000
const NO_MORE = new Set([401, 403, 404])

async function watch({ path, headers, signal, onEvent, onState }: Watching): Promise<void> {
  let lastId = ''
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      const seen = lastId === '' ? {} : { 'last-event-id': lastId }
      const answer = await fetch(path, { headers: { ...headers, ...seen }, signal })
      if (NO_MORE.has(answer.status)) return onState(false)
      if (answer.ok && answer.body) {
        tries = 0
        onState(true)
        for await (const event of eventsOf(answer.body)) {
          if (event.id !== '') lastId = event.id
          onEvent({ event: event.name, data: JSON.parse(event.data) as unknown })
        }
      }
    } catch {
      // The line was cut, or the page has gone: the loop says which.
    }
    if (signal.aborted) return
    onState(false)
    await pause(Math.min(AGAIN_MS * 2 ** tries, AGAIN_AT_MOST_MS))
  }
}

type RawEvent = { name: string; id: string; data: string }

/** Format: HTML Living Standard §9.2.6, as far as the hub writes it. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<RawEvent> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    text += decoder.decode(value, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = readEvent(block)
      if (event.data !== '') yield event
    }
  }
}

/** One block of lines; its data is empty for a comment. */
export function readEvent(block: string): RawEvent {
  const event: RawEvent = { name: 'message', id: '', data: '' }
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^(event|id|data): ?(.*)$/.exec(line) ?? []
    if (field === 'event') event.name = value
    if (field === 'id') event.id = value
    if (field === 'data') event.data += value
  }
  return event
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
