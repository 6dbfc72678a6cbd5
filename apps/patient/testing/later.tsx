import { type ComponentType, lazy, Suspense } from 'react'

import { show } from './show.tsx'

/** Draws a page that comes with its own words, as the router does. */
export function showLater<Props extends object>(
  Page: ComponentType<Props>,
  loadWords: () => Promise<unknown>,
  props: Props,
) {
  const Later = lazy(async () => {
    await loadWords()
    return { default: () => <Page {...props} /> }
  })
  return show(
    <Suspense fallback={null}>
      <Later />
    </Suspense>,
  )
}

/** Stands in for the hub: the method and the end of a path to what is answered. Returns what was sent. */
export function answersOf(routes: Record<string, (body: unknown) => unknown>) {
  const sent: { at: string; body: unknown }[] = []
  const all: Record<string, (body: unknown) => unknown> = {
    'GET /v1/hospitals': () => ({ items: [HOSPITAL] }),
    'GET /v1/health': () => ({ at: '2026-11-22T02:00:00Z' }),
    ...routes,
  }
  const fetch = async (request: Request) => {
    const text = request.method === 'GET' ? '' : await request.text()
    const body: unknown = text === '' ? null : JSON.parse(text)
    const at = `${request.method} ${new URL(request.url).pathname}`
    if (request.method !== 'GET') sent.push({ at, body })
    const route = Object.keys(all).find((key) => isAt(key, at))
    const answer = route === undefined ? undefined : all[route]?.(body)
    if (answer instanceof Response) return answer
    if (answer === undefined) return problemOf(404, 'http.not_found')
    return answer === null ? new Response(null, { status: 204 }) : Response.json(answer)
  }
  return { sent, fetch }
}

const isAt = (key: string, at: string): boolean => {
  const [method = '', end = ''] = key.split(' ')
  return at.startsWith(`${method} `) && at.endsWith(end)
}

export const problemOf = (status: number, code: string, params: object = {}): Response =>
  Response.json({ type: '', status, code, params, instance: 'r1' }, { status })

const HOSPITAL = { id: 1, name: '市立医院', shortName: '市立', level: '三级甲等' }
