import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { readAccountsSearch, readPlaceSearch } from '../deposits/search.ts'
import { at } from './office.tsx'

const deposits = createRoute({
  ...at('/deposits'),
  validateSearch: readAccountsSearch,
  component: lazyRouteComponent(() => import('../deposits/AccountsPage.tsx'), 'AccountsPage'),
})

const depositDays = createRoute({
  ...at('/deposits/days'),
  validateSearch: readPlaceSearch,
  component: lazyRouteComponent(() => import('../deposits/OpenDaysPage.tsx'), 'OpenDaysPage'),
})

const depositGiveBacks = createRoute({
  ...at('/deposits/give-backs'),
  validateSearch: readPlaceSearch,
  component: lazyRouteComponent(() => import('../deposits/GiveBacksPage.tsx'), 'GiveBacksPage'),
})

const prepayments = createRoute({
  ...at('/deposits/prepayments'),
  validateSearch: readPlaceSearch,
  component: lazyRouteComponent(() => import('../deposits/PrepaymentsPage.tsx'), 'PrepaymentsPage'),
})

const deposit = createRoute({
  ...at('/deposits/$accountId'),
  component: lazyRouteComponent(() => import('../deposits/AccountPage.tsx'), 'AccountPage'),
})

export const depositsRoutes = [deposits, depositDays, depositGiveBacks, prepayments, deposit]
