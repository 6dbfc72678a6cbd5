import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { readNeedsSearch, readProgrammesSearch, readProposeSearch } from '../benefits/search.ts'
import { at } from './office.tsx'

const benefits = createRoute({
  ...at('/benefits'),
  validateSearch: readProgrammesSearch,
  component: lazyRouteComponent(() => import('../benefits/ProgrammesPage.tsx'), 'ProgrammesPage'),
})

const newBenefit = createRoute({
  ...at('/benefits/new'),
  validateSearch: readProposeSearch,
  component: lazyRouteComponent(() => import('../benefits/ProposePage.tsx'), 'ProposePage'),
})

const waitingBenefits = createRoute({
  ...at('/benefits/waiting'),
  component: lazyRouteComponent(() => import('../benefits/WaitingPage.tsx'), 'WaitingPage'),
})

const peopleInNeed = createRoute({
  ...at('/benefits/people-in-need'),
  validateSearch: readNeedsSearch,
  component: lazyRouteComponent(() => import('../benefits/NeedsPage.tsx'), 'NeedsPage'),
})

const benefit = createRoute({
  ...at('/benefits/$programmeId'),
  component: lazyRouteComponent(() => import('../benefits/ProgrammePage.tsx'), 'ProgrammePage'),
})

export const benefitsRoutes = [benefits, newBenefit, waitingBenefits, peopleInNeed, benefit]
