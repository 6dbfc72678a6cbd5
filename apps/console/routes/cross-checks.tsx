import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { readProposeSearch, readRunSearch } from '../cross-checks/search.ts'
import { loadCrossCheckWords } from '../cross-checks/words.ts'
import { at } from './office.tsx'

const month = createRoute({
  ...at('/cross-checks'),
  component: lazyRouteComponent(async () => {
    await loadCrossCheckWords()
    return import('../cross-checks/CrossChecksPage.tsx')
  }, 'CrossChecksPage'),
})

const propose = createRoute({
  ...at('/cross-checks/new'),
  validateSearch: readProposeSearch,
  component: lazyRouteComponent(async () => {
    await loadCrossCheckWords()
    return import('../cross-checks/ProposePage.tsx')
  }, 'ProposePage'),
})

const run = createRoute({
  ...at('/cross-checks/run'),
  validateSearch: readRunSearch,
  component: lazyRouteComponent(async () => {
    await loadCrossCheckWords()
    return import('../cross-checks/RunPage.tsx')
  }, 'RunPage'),
})

export const crossCheckRoutes = [month, propose, run]
