import {
  type AnyRoute,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  redirect,
  useParams,
  useSearch,
} from '@tanstack/react-router'
import { lazy, type ReactNode } from 'react'

import { loadBookingWords } from './booking/words.ts'
import { creditRoutes } from './credit/routes.tsx'
import { ActingBanner } from './family/ActingBanner.tsx'
import { loadFamilyWords } from './family/words.ts'
import { HomePage } from './home/HomePage.tsx'
import { loadLookUpWords } from './look-up/words.ts'
import { loadMediaWords } from './media/words.ts'
import { places, readBills, readBookSearch, readWishes, type Wishes } from './navigation.tsx'
import { loadCatalogueWords, loadPayerWords } from './parts/payer-words.ts'
import { loadQueueWords } from './queue/words.ts'
import { hasSession } from './session.ts'
import { loadSharingWords } from './sharing/words.ts'
import { BrokenPage } from './shell/BrokenPage.tsx'
import { LoadingPage } from './shell/LoadingPage.tsx'
import { NotFoundPage } from './shell/NotFoundPage.tsx'
import { SignInPage } from './sign-in/SignInPage.tsx'
import { readPeriod } from './statement/period.ts'

// Loaded when somebody goes there: the first pages, which are with the rest, shall come fast on a poor line.
const AccountPage = lazy(async () => ({
  default: (await import('./account/AccountPage.tsx')).AccountPage,
}))
const AgreementsPage = lazy(async () => ({
  default: (await import('./agreement/AgreementsPage.tsx')).AgreementsPage,
}))
const BenefitsPage = lazy(async () => {
  const [page] = await Promise.all([import('./benefits/BenefitsPage.tsx'), loadPayerWords()])
  return { default: page.BenefitsPage }
})
const BookPage = lazy(async () => {
  const [page] = await Promise.all([import('./booking/BookPage.tsx'), loadBookingWords()])
  return { default: page.BookPage }
})
const SessionPage = lazy(async () => {
  const [page] = await Promise.all([import('./booking/SessionPage.tsx'), loadBookingWords()])
  return { default: page.SessionPage }
})
const AppointmentsPage = lazy(async () => {
  const [page] = await Promise.all([import('./booking/AppointmentsPage.tsx'), loadBookingWords()])
  return { default: page.AppointmentsPage }
})
const CoverPage = lazy(async () => {
  const [page] = await Promise.all([import('./cover/CoverPage.tsx'), loadPayerWords()])
  return { default: page.CoverPage }
})
const DepositsPage = lazy(async () => {
  const [page] = await Promise.all([import('./deposits/DepositsPage.tsx'), loadPayerWords()])
  return { default: page.DepositsPage }
})
const ExplainPage = lazy(async () => {
  const words = [loadPayerWords(), loadCatalogueWords()]
  const [page] = await Promise.all([import('./explain/ExplainPage.tsx'), ...words])
  return { default: page.ExplainPage }
})
const GrantsPage = lazy(async () => {
  const [page] = await Promise.all([import('./grants/GrantsPage.tsx'), loadPayerWords()])
  return { default: page.GrantsPage }
})
const QueuePage = lazy(async () => {
  const [page] = await Promise.all([import('./queue/QueuePage.tsx'), loadQueueWords()])
  return { default: page.QueuePage }
})
const LookUpPage = lazy(async () => {
  const [page] = await Promise.all([import('./look-up/LookUpPage.tsx'), loadLookUpWords()])
  return { default: page.LookUpPage }
})
const FamilyPage = lazy(async () => {
  const [page] = await Promise.all([import('./family/FamilyPage.tsx'), loadFamilyWords()])
  return { default: page.FamilyPage }
})
const MediaPage = lazy(async () => {
  const [page] = await Promise.all([import('./media/MediaPage.tsx'), loadMediaWords()])
  return { default: page.MediaPage }
})
const SharingPage = lazy(async () => {
  const [page] = await Promise.all([import('./sharing/SharingPage.tsx'), loadSharingWords()])
  return { default: page.SharingPage }
})
const VisitPage = lazy(async () => ({ default: (await import('./bill/VisitPage.tsx')).VisitPage }))
const QuotePage = lazy(async () => ({ default: (await import('./pay/QuotePage.tsx')).QuotePage }))
const PaymentPage = lazy(async () => ({
  default: (await import('./payment/PaymentPage.tsx')).PaymentPage,
}))
const ReceiptPage = lazy(async () => ({
  default: (await import('./receipt/ReceiptPage.tsx')).ReceiptPage,
}))
const RecordsPage = lazy(async () => ({
  default: (await import('./records/RecordsPage.tsx')).RecordsPage,
}))
const StatementPage = lazy(async () => ({
  default: (await import('./statement/StatementPage.tsx')).StatementPage,
}))
const VerifyPage = lazy(async () => ({
  default: (await import('./statement/VerifyPage.tsx')).VerifyPage,
}))

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { next: string } => ({ next: ownPath(search.next) }),
  component: function SignIn(): ReactNode {
    return <SignInPage next={useOwnSearch(signIn).next} />
  },
})

const verify = createRoute({
  getParentRoute: () => root,
  path: '/verify',
  validateSearch: (search): { number: string; code: string } => ({
    number: textOf(search.number),
    code: textOf(search.code),
  }),
  component: function Verify(): ReactNode {
    const { number, code } = useOwnSearch(verify)
    return <VerifyPage key={`${number} ${code}`} number={number} code={code} />
  },
})

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: ({ location }) => {
    if (!hasSession()) throw redirect({ ...places.signIn(location.href) } as never)
  },
  component: SignedIn,
})

function SignedIn(): ReactNode {
  return (
    <>
      <ActingBanner />
      <Outlet />
    </>
  )
}

const home = createRoute({ getParentRoute: () => signedIn, path: '/', component: HomePage })

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: AccountPage,
})

const agreements = createRoute({
  getParentRoute: () => signedIn,
  path: '/agreements',
  component: AgreementsPage,
})

const benefits = createRoute({
  getParentRoute: () => signedIn,
  path: '/benefits',
  component: BenefitsPage,
})

const book = createRoute({
  getParentRoute: () => signedIn,
  path: '/book',
  validateSearch: readBookSearch,
  component: function Book(): ReactNode {
    return <BookPage search={useOwnSearch(book)} />
  },
})

const session = createRoute({
  getParentRoute: () => signedIn,
  path: '/book/$hospitalId/$sessionId',
  params: {
    parse: ({ hospitalId, sessionId }) => ({ hospitalId: Number(hospitalId), sessionId }),
  },
  component: function Session(): ReactNode {
    return <SessionPage {...useOwnParams(session)} />
  },
})

const appointments = createRoute({
  getParentRoute: () => signedIn,
  path: '/appointments',
  component: AppointmentsPage,
})

const cover = createRoute({ getParentRoute: () => signedIn, path: '/cover', component: CoverPage })

const deposits = createRoute({
  getParentRoute: () => signedIn,
  path: '/deposits',
  component: DepositsPage,
})

const grants = createRoute({
  getParentRoute: () => signedIn,
  path: '/grants',
  component: GrantsPage,
})

const queue = createRoute({ getParentRoute: () => signedIn, path: '/queue', component: QueuePage })

const lookUp = createRoute({
  getParentRoute: () => signedIn,
  path: '/look-up',
  component: LookUpPage,
})

const family = createRoute({
  getParentRoute: () => signedIn,
  path: '/family',
  component: FamilyPage,
})

const media = createRoute({
  getParentRoute: () => signedIn,
  path: '/cards',
  component: MediaPage,
})

const sharing = createRoute({
  getParentRoute: () => signedIn,
  path: '/sharing',
  component: SharingPage,
})

const explain = createRoute({
  getParentRoute: () => signedIn,
  path: '/explain/$hospitalId/$billNo',
  params: { parse: ({ hospitalId, billNo }) => ({ hospitalId: Number(hospitalId), billNo }) },
  component: function Explain(): ReactNode {
    return <ExplainPage {...useOwnParams(explain)} />
  },
})

const visit = createRoute({
  getParentRoute: () => signedIn,
  path: '/hospitals/$hospitalId/visits/$visitNo',
  params: { parse: ({ hospitalId, visitNo }) => ({ hospitalId: Number(hospitalId), visitNo }) },
  component: function Visit(): ReactNode {
    return <VisitPage {...useOwnParams(visit)} />
  },
})

const pay = createRoute({
  getParentRoute: () => signedIn,
  path: '/pay/$hospitalId',
  params: { parse: ({ hospitalId }) => ({ hospitalId: Number(hospitalId) }) },
  validateSearch: (search): { bills: string } & Wishes => ({
    bills: typeof search.bills === 'string' ? search.bills : '',
    ...readWishes(search),
  }),
  component: function Pay(): ReactNode {
    const { bills, ...wishes } = useOwnSearch(pay)
    const { hospitalId } = useOwnParams(pay)
    const references = readBills(bills)
    if (!references) return <NotFoundPage />
    return <QuotePage hospitalId={hospitalId} bills={references} wishes={wishes} />
  },
})

const records = createRoute({
  getParentRoute: () => signedIn,
  path: '/payments',
  validateSearch: (search): { show?: 'refunds' } =>
    search.show === 'refunds' ? { show: 'refunds' } : {},
  component: function Records(): ReactNode {
    return <RecordsPage show={useOwnSearch(records).show ?? 'all'} />
  },
})

const payment = createRoute({
  getParentRoute: () => signedIn,
  path: '/payments/$hospitalId/$id',
  params: { parse: ({ hospitalId, id }) => ({ hospitalId: Number(hospitalId), id }) },
  validateSearch: (search): { from?: 'wallet' } & Wishes => ({
    ...(search.from === 'wallet' ? { from: 'wallet' } : {}),
    ...readWishes(search),
  }),
  component: function Payment(): ReactNode {
    const { from, ...wishes } = useOwnSearch(payment)
    const params = useOwnParams(payment)
    return (
      <PaymentPage
        key={`${params.id} ${from}`}
        {...params}
        isFromWallet={from === 'wallet'}
        wishes={wishes}
      />
    )
  },
})

const receipt = createRoute({
  getParentRoute: () => signedIn,
  path: '/payments/$hospitalId/$id/receipt',
  params: { parse: ({ hospitalId, id }) => ({ hospitalId: Number(hospitalId), id }) },
  component: function Receipt(): ReactNode {
    return <ReceiptPage {...useOwnParams(receipt)} />
  },
})

const statement = createRoute({
  getParentRoute: () => signedIn,
  path: '/statement',
  validateSearch: readPeriod,
  component: function Statement(): ReactNode {
    return <StatementPage choice={useOwnSearch(statement)} />
  },
})

export const createPatientRouter = () =>
  createRouter({
    routeTree: root.addChildren([
      signIn,
      verify,
      signedIn.addChildren([
        home,
        account,
        agreements,
        benefits,
        book,
        session,
        appointments,
        cover,
        deposits,
        grants,
        sharing,
        lookUp,
        family,
        media,
        queue,
        explain,
        visit,
        pay,
        records,
        payment,
        receipt,
        statement,
        ...creditRoutes(signedIn),
      ]),
    ]),
    basepath: '/patient',
    scrollRestoration: true,
    defaultPendingComponent: LoadingPage,
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: NotFoundPage,
  })

// Typed by the route itself: the library's own types know one router in a program only, and both web apps are
// checked as one program.
function useOwnParams<R extends AnyRoute>(_route: R): R['types']['allParams'] {
  const params: unknown = useParams({ strict: false })
  return params as R['types']['allParams']
}

function useOwnSearch<R extends AnyRoute>(_route: R): R['types']['fullSearchSchema'] {
  const search: unknown = useSearch({ strict: false })
  return search as R['types']['fullSearchSchema']
}

/** A number in an address comes as a number: what is all digits is text all the same. */
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

/** Only a path of this app: nobody is sent elsewhere by a link that somebody else made. */
const ownPath = (path: unknown): string =>
  typeof path === 'string' && /^\/(?![/\\])/.test(path) ? path : '/'
