import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'

import { startI18n } from '../../web/i18n.ts'
import zh from '../locales/zh-CN/patient.json'

/** Draws a part of the app with its words, a router and an empty cache. `loadWords` brings those that come later. */
export async function show(part: ReactNode, loadWords = async () => {}) {
  await startI18n({ namespace: 'patient', zh, load: { en: () => Promise.resolve({}) } })
  await loadWords()
  const router = createRouter({
    routeTree: createRootRoute({ component: () => part, notFoundComponent: () => part }),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  })
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const drawn = render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  )
  return { ...drawn, router }
}
