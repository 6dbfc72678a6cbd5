import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { at } from './office.tsx'

export const familyRoute = createRoute({
  ...at('/family'),
  component: lazyRouteComponent(() => import('../family/FamilyPage.tsx'), 'FamilyPage'),
})

export const mediaRoute = createRoute({
  ...at('/cards'),
  component: lazyRouteComponent(() => import('../media/MediaPage.tsx'), 'MediaPage'),
})
