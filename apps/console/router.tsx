import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type RouterHistory,
  retainSearchParams,
} from '@tanstack/react-router'

import { readFailure } from '../web/problem.ts'
import { api } from './api.ts'
import {
  readCollectionsSearch,
  readDaysSearch,
  readLinesSearch,
  readLoansSearch,
  readReviewsSearch,
} from './bank/search.ts'
import { readNeedsSearch, readProgrammesSearch, readProposeSearch } from './benefits/search.ts'
import { readCatalogueSearch } from './catalogue/search.ts'
import { loadCatalogueWords } from './catalogue/words.ts'
import { readDraftSearch } from './channel-form/search.ts'
import { readAlertsSearch } from './channels/alert-search.ts'
import { readAccountsSearch, readPlaceSearch } from './deposits/search.ts'
import {
  readApplicationSearch,
  readApplicationsSearch,
  readRequestsSearch,
} from './partners/search.ts'
import { readApprovalsSearch } from './refunds/approvals/search.ts'
import {
  readCasesSearch,
  readMovesSearch,
  readOfficeSearch,
  readPaymentsSearch,
  readReconciledDaySearch,
  readRefundsSearch,
  readSignInSearch,
} from './search/params.ts'
import { parseSearch, stringifySearch } from './search/plain-search.ts'
import { menuOf } from './shell/menu.ts'
import { Missing, RouteFault, RoutePending } from './shell/RouteStates.tsx'
import { hasSession } from './shell/session.ts'
import { Shell } from './shell/Shell.tsx'
import { isOfLender, may } from './shell/staff.ts'

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  notFoundComponent: Missing,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  component: lazyRouteComponent(() => import('./shell/SignIn.tsx'), 'SignIn'),
})

const office = createRoute({
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

/** Who is signed in; null for nobody. Errors: throws whatever else keeps it from being known. */
const readMe = (queryClient: QueryClient) =>
  queryClient.ensureQueryData(api.query.queryOptions('get', '/v1/me')).catch((error: unknown) => {
    if (readFailure(error).code === 'http.unauthenticated') return null
    throw error
  })

const at = <Path extends string>(path: Path) => ({ getParentRoute: () => office, path })

const today = createRoute({
  ...at('/'),
  // Who reads no figures begins where there is something to read.
  beforeLoad({ context: { staff } }) {
    if (isOfLender(staff)) throw redirect({ to: '/bank' })
    if (!may(staff, 'readFinance')) throw redirect({ to: menuOf(staff)[0]?.to ?? '/payments' })
  },
  component: lazyRouteComponent(() => import('./today/TodayPage.tsx'), 'TodayPage'),
})

const payments = createRoute({
  ...at('/payments'),
  validateSearch: readPaymentsSearch,
  component: lazyRouteComponent(() => import('./payments/PaymentsPage.tsx'), 'PaymentsPage'),
})

const payment = createRoute({
  ...at('/payments/$paymentId'),
  component: lazyRouteComponent(() => import('./payment/PaymentPage.tsx'), 'PaymentPage'),
})

const refunds = createRoute({
  ...at('/refunds'),
  validateSearch: readRefundsSearch,
  component: lazyRouteComponent(() => import('./refunds/RefundsPage.tsx'), 'RefundsPage'),
})

const approvals = createRoute({
  ...at('/refunds/approvals'),
  validateSearch: readApprovalsSearch,
  component: lazyRouteComponent(
    () => import('./refunds/approvals/ApprovalsPage.tsx'),
    'ApprovalsPage',
  ),
})

const moves = createRoute({
  ...at('/moves'),
  validateSearch: readMovesSearch,
  component: lazyRouteComponent(() => import('./moves/MovesPage.tsx'), 'MovesPage'),
})

const calendar = createRoute({
  ...at('/reconciliation'),
  component: lazyRouteComponent(() => import('./reconciliation/CalendarPage.tsx'), 'CalendarPage'),
})

const reconciledDay = createRoute({
  ...at('/reconciliation/day'),
  validateSearch: readReconciledDaySearch,
  component: lazyRouteComponent(() => import('./reconciliation/DayPage.tsx'), 'DayPage'),
})

const catalogue = createRoute({
  ...at('/catalogue'),
  validateSearch: readCatalogueSearch,
  component: lazyRouteComponent(async () => {
    await loadCatalogueWords()
    return import('./catalogue/CataloguePage.tsx')
  }, 'CataloguePage'),
})

const cases = createRoute({
  ...at('/cases'),
  validateSearch: readCasesSearch,
  component: lazyRouteComponent(() => import('./cases/CasesPage.tsx'), 'CasesPage'),
})

const oneCase = createRoute({
  ...at('/cases/$caseId'),
  component: lazyRouteComponent(() => import('./cases/CasePage.tsx'), 'CasePage'),
})

const channels = createRoute({
  ...at('/channels'),
  component: lazyRouteComponent(() => import('./channels/ChannelsPage.tsx'), 'ChannelsPage'),
})

const channelAlerts = createRoute({
  ...at('/channels/alerts'),
  validateSearch: readAlertsSearch,
  component: lazyRouteComponent(() => import('./channels/AlertsPage.tsx'), 'AlertsPage'),
})

const channelRules = createRoute({
  ...at('/channels/rules'),
  component: lazyRouteComponent(() => import('./channels/RulesPage.tsx'), 'RulesPage'),
})

const newChannel = createRoute({
  ...at('/channels/new'),
  component: lazyRouteComponent(
    () => import('./channel-form/NewChannelPage.tsx'),
    'NewChannelPage',
  ),
})

const channelDraft = createRoute({
  ...at('/channels/drafts/$draftId'),
  validateSearch: readDraftSearch,
  component: lazyRouteComponent(() => import('./channel-form/DraftPage.tsx'), 'DraftPage'),
})

const channel = createRoute({
  ...at('/channels/$name'),
  component: lazyRouteComponent(() => import('./channels/ChannelPage.tsx'), 'ChannelPage'),
})

const partners = createRoute({
  ...at('/partners'),
  validateSearch: readApplicationsSearch,
  component: lazyRouteComponent(
    () => import('./partners/ApplicationsPage.tsx'),
    'ApplicationsPage',
  ),
})

const partnerRequests = createRoute({
  ...at('/partners/requests'),
  validateSearch: readRequestsSearch,
  component: lazyRouteComponent(() => import('./partners/RequestsPage.tsx'), 'RequestsPage'),
})

const partner = createRoute({
  ...at('/partners/$applicationId'),
  validateSearch: readApplicationSearch,
  component: lazyRouteComponent(() => import('./partners/ApplicationPage.tsx'), 'ApplicationPage'),
})

const benefits = createRoute({
  ...at('/benefits'),
  validateSearch: readProgrammesSearch,
  component: lazyRouteComponent(() => import('./benefits/ProgrammesPage.tsx'), 'ProgrammesPage'),
})

const newBenefit = createRoute({
  ...at('/benefits/new'),
  validateSearch: readProposeSearch,
  component: lazyRouteComponent(() => import('./benefits/ProposePage.tsx'), 'ProposePage'),
})

const waitingBenefits = createRoute({
  ...at('/benefits/waiting'),
  component: lazyRouteComponent(() => import('./benefits/WaitingPage.tsx'), 'WaitingPage'),
})

const peopleInNeed = createRoute({
  ...at('/benefits/people-in-need'),
  validateSearch: readNeedsSearch,
  component: lazyRouteComponent(() => import('./benefits/NeedsPage.tsx'), 'NeedsPage'),
})

const benefit = createRoute({
  ...at('/benefits/$programmeId'),
  component: lazyRouteComponent(() => import('./benefits/ProgrammePage.tsx'), 'ProgrammePage'),
})

const deposits = createRoute({
  ...at('/deposits'),
  validateSearch: readAccountsSearch,
  component: lazyRouteComponent(() => import('./deposits/AccountsPage.tsx'), 'AccountsPage'),
})

const depositDays = createRoute({
  ...at('/deposits/days'),
  validateSearch: readPlaceSearch,
  component: lazyRouteComponent(() => import('./deposits/OpenDaysPage.tsx'), 'OpenDaysPage'),
})

const depositGiveBacks = createRoute({
  ...at('/deposits/give-backs'),
  validateSearch: readPlaceSearch,
  component: lazyRouteComponent(() => import('./deposits/GiveBacksPage.tsx'), 'GiveBacksPage'),
})

const prepayments = createRoute({
  ...at('/deposits/prepayments'),
  validateSearch: readPlaceSearch,
  component: lazyRouteComponent(() => import('./deposits/PrepaymentsPage.tsx'), 'PrepaymentsPage'),
})

const deposit = createRoute({
  ...at('/deposits/$accountId'),
  component: lazyRouteComponent(() => import('./deposits/AccountPage.tsx'), 'AccountPage'),
})

const lending = createRoute({
  ...at('/bank'),
  component: lazyRouteComponent(() => import('./bank/OverviewPage.tsx'), 'OverviewPage'),
})

const lenderLoans = createRoute({
  ...at('/bank/loans'),
  validateSearch: readLoansSearch,
  component: lazyRouteComponent(() => import('./bank/LoansPage.tsx'), 'LoansPage'),
})

const lenderLoan = createRoute({
  ...at('/bank/loans/$loanId'),
  component: lazyRouteComponent(() => import('./bank/LoanPage.tsx'), 'LoanPage'),
})

const lenderLines = createRoute({
  ...at('/bank/lines'),
  validateSearch: readLinesSearch,
  component: lazyRouteComponent(() => import('./bank/LinesPage.tsx'), 'LinesPage'),
})

const lenderLine = createRoute({
  ...at('/bank/lines/$lineId'),
  component: lazyRouteComponent(() => import('./bank/LinePage.tsx'), 'LinePage'),
})

const lenderReviews = createRoute({
  ...at('/bank/reviews'),
  validateSearch: readReviewsSearch,
  component: lazyRouteComponent(() => import('./bank/ReviewsPage.tsx'), 'ReviewsPage'),
})

const lenderCollections = createRoute({
  ...at('/bank/collections'),
  validateSearch: readCollectionsSearch,
  component: lazyRouteComponent(() => import('./bank/CollectionsPage.tsx'), 'CollectionsPage'),
})

const lenderPayouts = createRoute({
  ...at('/bank/payouts'),
  component: lazyRouteComponent(() => import('./bank/PayoutsPage.tsx'), 'PayoutsPage'),
})

const lenderHospitals = createRoute({
  ...at('/bank/hospitals'),
  component: lazyRouteComponent(() => import('./bank/HospitalsPage.tsx'), 'HospitalsPage'),
})

const lenderProducts = createRoute({
  ...at('/bank/products'),
  component: lazyRouteComponent(() => import('./bank/ProductsPage.tsx'), 'ProductsPage'),
})

const lenderDays = createRoute({
  ...at('/bank/days'),
  validateSearch: readDaysSearch,
  component: lazyRouteComponent(() => import('./bank/DaysPage.tsx'), 'DaysPage'),
})

const pages = [
  today,
  payments,
  payment,
  refunds,
  approvals,
  moves,
  calendar,
  reconciledDay,
  cases,
  catalogue,
  oneCase,
  channels,
  channelAlerts,
  channelRules,
  newChannel,
  channelDraft,
  channel,
  partners,
  partnerRequests,
  partner,
  benefits,
  newBenefit,
  waitingBenefits,
  peopleInNeed,
  benefit,
  deposits,
  depositDays,
  depositGiveBacks,
  prepayments,
  deposit,
  lending,
  lenderLoans,
  lenderLoan,
  lenderLines,
  lenderLine,
  lenderReviews,
  lenderCollections,
  lenderPayouts,
  lenderHospitals,
  lenderProducts,
  lenderDays,
]
const routeTree = root.addChildren([signIn, office.addChildren(pages)])

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
