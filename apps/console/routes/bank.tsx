import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import {
  readCollectionsSearch,
  readDaysSearch,
  readLinesSearch,
  readLoansSearch,
  readReviewsSearch,
} from '../bank/search.ts'
import { at } from './office.tsx'

const lending = createRoute({
  ...at('/bank'),
  component: lazyRouteComponent(() => import('../bank/OverviewPage.tsx'), 'OverviewPage'),
})

const lenderLoans = createRoute({
  ...at('/bank/loans'),
  validateSearch: readLoansSearch,
  component: lazyRouteComponent(() => import('../bank/LoansPage.tsx'), 'LoansPage'),
})

const lenderLoan = createRoute({
  ...at('/bank/loans/$loanId'),
  component: lazyRouteComponent(() => import('../bank/LoanPage.tsx'), 'LoanPage'),
})

const lenderLines = createRoute({
  ...at('/bank/lines'),
  validateSearch: readLinesSearch,
  component: lazyRouteComponent(() => import('../bank/LinesPage.tsx'), 'LinesPage'),
})

const lenderLine = createRoute({
  ...at('/bank/lines/$lineId'),
  component: lazyRouteComponent(() => import('../bank/LinePage.tsx'), 'LinePage'),
})

const lenderReviews = createRoute({
  ...at('/bank/reviews'),
  validateSearch: readReviewsSearch,
  component: lazyRouteComponent(() => import('../bank/ReviewsPage.tsx'), 'ReviewsPage'),
})

const lenderCollections = createRoute({
  ...at('/bank/collections'),
  validateSearch: readCollectionsSearch,
  component: lazyRouteComponent(() => import('../bank/CollectionsPage.tsx'), 'CollectionsPage'),
})

const lenderPayouts = createRoute({
  ...at('/bank/payouts'),
  component: lazyRouteComponent(() => import('../bank/PayoutsPage.tsx'), 'PayoutsPage'),
})

const lenderHospitals = createRoute({
  ...at('/bank/hospitals'),
  component: lazyRouteComponent(() => import('../bank/HospitalsPage.tsx'), 'HospitalsPage'),
})

const lenderProducts = createRoute({
  ...at('/bank/products'),
  component: lazyRouteComponent(() => import('../bank/ProductsPage.tsx'), 'ProductsPage'),
})

const lenderDays = createRoute({
  ...at('/bank/days'),
  validateSearch: readDaysSearch,
  component: lazyRouteComponent(() => import('../bank/DaysPage.tsx'), 'DaysPage'),
})

export const bankRoutes = [
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
