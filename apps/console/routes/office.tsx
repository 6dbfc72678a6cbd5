import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router'

import { readFailure } from '../../web/problem.ts'
import { api } from '../api.ts'
import { readOfficeSearch } from '../search/params.ts'
import { Missing } from '../shell/RouteStates.tsx'
import { hasSession } from '../shell/session.ts'
import { Shell } from '../shell/Shell.tsx'

export const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  notFoundComponent: Missing,
})

/** What the signed in see: their menu around each page. The pages of an area stand beside this. */
export const office = createRoute({
  getParentRoute: () => root,
  id: 'office',
  validateSearch: readOfficeSearch,
  // Every link leads to the same business date, unless it says another.
  search: { middlewares: [retainSearchParams(['date'])] },
  beforeLoad: async ({ context, location }) => {
    const me = hasSession() ? await readMe(context.queryClient) : null
    if (me?.kind !== 'staff') throw redirect({ to: '/sign-in', search: { to: location.href } })
    return { staff: me }
  },
  component: Shell,
})

/** A page of the office at `path`: what its route begins with. */
export const at = <Path extends string>(path: Path) => ({ getParentRoute: () => office, path })

/** Who is signed in; null for nobody. Errors: throws whatever else keeps it from being known. */
const readMe = (queryClient: QueryClient) =>
  queryClient.ensureQueryData(api.query.queryOptions('get', '/v1/me')).catch((error: unknown) => {
    if (readFailure(error).code === 'http.unauthenticated') return null
    throw error
  })
