import type { QueryClient } from '@tanstack/react-query'
import {
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from '@tanstack/react-router'

import { bankRoutes } from './routes/bank.tsx'
import { benefitsRoutes } from './routes/benefits.tsx'
import { booksRoutes } from './routes/books.tsx'
import { channelsRoutes } from './routes/channels.tsx'
import { clinicRoutes } from './routes/clinics.tsx'
import { crossCheckRoutes } from './routes/cross-checks.tsx'
import { depositsRoutes } from './routes/deposits.tsx'
import { ledgerRoutes } from './routes/ledger.tsx'
import { moneyRoutes } from './routes/money.tsx'
import { office, root } from './routes/office.tsx'
import { onboardingRoutes } from './routes/onboarding.tsx'
import { partnersRoutes } from './routes/partners.tsx'
import { familyRoute, mediaRoute } from './routes/people.tsx'
import { personsRoutes } from './routes/persons.tsx'
import { queueRoutes, screen } from './routes/queue.tsx'
import { recordRoutes } from './routes/records.tsx'
import { rolloutRoutes } from './routes/rollout.tsx'
import { settlementRoutes } from './routes/settlement.tsx'
import { vouchersRoutes } from './routes/vouchers.tsx'
import { readSignInSearch } from './search/params.ts'
import { parseSearch, stringifySearch } from './search/plain-search.ts'
import { Missing, RouteFault, RoutePending } from './shell/RouteStates.tsx'

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  component: lazyRouteComponent(() => import('./shell/SignIn.tsx'), 'SignIn'),
})

const pages = [
  ...moneyRoutes,
  ...booksRoutes,
  ...crossCheckRoutes,
  ...ledgerRoutes,
  ...channelsRoutes,
  ...partnersRoutes,
  ...benefitsRoutes,
  ...depositsRoutes,
  ...bankRoutes,
  ...settlementRoutes,
  ...vouchersRoutes,
  ...personsRoutes,
  mediaRoute,
  familyRoute,
  ...recordRoutes,
  ...rolloutRoutes,
  ...onboardingRoutes,
  ...queueRoutes,
  ...clinicRoutes,
]
const routeTree = root.addChildren([signIn, screen, office.addChildren(pages)])

/** `history`: the browser's own, unless a test brings another. */
export const createConsoleRouter = (queryClient: QueryClient, history?: RouterHistory) =>
  createRouter({
    routeTree,
    ...(history ? { history } : {}),
    context: { queryClient },
    basepath: '/console',
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingComponent: RoutePending,
    defaultErrorComponent: RouteFault,
    defaultNotFoundComponent: Missing,
    scrollRestoration: true,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
}
