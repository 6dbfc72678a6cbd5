import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { readCandidatesSearch } from '../persons/search.ts'
import { at } from './office.tsx'

const candidates = createRoute({
  ...at('/persons'),
  validateSearch: readCandidatesSearch,
  component: lazyRouteComponent(() => import('../persons/CandidatesPage.tsx'), 'CandidatesPage'),
})

const waiting = createRoute({
  ...at('/persons/waiting'),
  component: lazyRouteComponent(() => import('../persons/ActsPage.tsx'), 'ActsPage'),
})

const picture = createRoute({
  ...at('/persons/of/$personId'),
  component: lazyRouteComponent(() => import('../persons/PicturePage.tsx'), 'PicturePage'),
})

const candidate = createRoute({
  ...at('/persons/$candidateId'),
  component: lazyRouteComponent(() => import('../persons/CandidatePage.tsx'), 'CandidatePage'),
})

export const personsRoutes = [candidates, waiting, picture, candidate]
