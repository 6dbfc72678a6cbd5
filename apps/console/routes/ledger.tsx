import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { readAccountSearch, readChartSearch, readHeadsSearch } from '../ledger/search.ts'
import { at } from './office.tsx'

const chart = createRoute({
  ...at('/ledger'),
  validateSearch: readChartSearch,
  component: lazyRouteComponent(() => import('../ledger/ChartPage.tsx'), 'ChartPage'),
})

const account = createRoute({
  ...at('/ledger/account'),
  validateSearch: readAccountSearch,
  component: lazyRouteComponent(() => import('../ledger/AccountPage.tsx'), 'AccountPage'),
})

const entry = createRoute({
  ...at('/ledger/entries/$entryId'),
  component: lazyRouteComponent(() => import('../ledger/EntryPage.tsx'), 'EntryPage'),
})

const heads = createRoute({
  ...at('/ledger/heads'),
  validateSearch: readHeadsSearch,
  component: lazyRouteComponent(() => import('../ledger/HeadsPage.tsx'), 'HeadsPage'),
})

export const ledgerRoutes = [chart, account, entry, heads]
