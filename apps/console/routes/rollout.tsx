import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { at } from './office.tsx'

const rollout = createRoute({
  ...at('/rollout'),
  component: lazyRouteComponent(() => import('../rollout/RolloutPage.tsx'), 'RolloutPage'),
})

export const rolloutRoutes = [rollout]
