import { QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { vi } from 'vitest'

import { startI18n } from '../../web/i18n.ts'
import zh from '../../web/locales/zh-CN/console.json'
import { createQueryClient } from '../api.ts'
import { createConsoleRouter } from '../router.tsx'
import { rememberSession } from '../shell/session.ts'
import { type Staff, StaffContext } from '../shell/staff.ts'

// What the tests of the console share: a hub that answers as it is told, and the console around it.

export const FINANCE: Staff = {
  kind: 'staff',
  staffId: '0190b3a0-0000-7000-8000-00000000000f',
  name: '王会计',
  hospitalId: 1,
  roles: ['finance'],
}

type Answer = (request: Request) => unknown

/**
 * Stands in for the network. `routes`: the end of a path, without its query, to what is answered. Whatever is
 * not listed is a 404. Returns every request that was sent.
 */
export function answerWith(routes: Record<string, Answer>): Request[] {
  const sent: Request[] = []
  const all: Record<string, Answer> = {
    '/v1/me': () => FINANCE,
    '/v1/hospitals': () => ({ items: [] }),
    ...routes,
  }
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(request.clone())
    const { pathname } = new URL(request.url)
    const route = Object.keys(all).find((end) => pathname.endsWith(end))
    const answer = route === undefined ? undefined : all[route]?.(request)
    if (answer instanceof Response) return answer
    return answer === undefined ? problem(404, 'http.not_found') : Response.json(answer)
  })
  return sent
}

export const problem = (status: number, code: string): Response =>
  Response.json({ type: `/problems/${code}`, status, code, instance: 'no-1' }, { status })

/** The whole console at a path, as a browser would open it. */
export async function openConsole(path: string) {
  await startWords()
  rememberSession()
  const queryClient = createQueryClient(() => undefined)
  const history = createMemoryHistory({ initialEntries: [`/console${path}`] })
  const router = createConsoleRouter(queryClient, history)
  render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  )
  return { router, url: () => history.location.href.replace('/console', '') }
}

/** One part of a page, for whoever is signed in. */
export async function renderFor(staff: Staff, part: ReactNode) {
  await startWords()
  return render(
    <QueryClientProvider client={createQueryClient(() => undefined)}>
      <StaffContext value={staff}>{part}</StaffContext>
    </QueryClientProvider>,
  )
}

const startWords = () =>
  startI18n({ namespace: 'console', zh, load: { en: () => Promise.resolve({}) } })
