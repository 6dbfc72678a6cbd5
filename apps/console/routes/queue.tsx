import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { at, root } from './office.tsx'

const desk = createRoute({
  ...at('/queue'),
  component: lazyRouteComponent(() => import('../queue/DeskPage.tsx'), 'DeskPage'),
})

const accuracy = createRoute({
  ...at('/queue/accuracy'),
  component: lazyRouteComponent(() => import('../queue/AccuracyPage.tsx'), 'AccuracyPage'),
})

export const queueRoutes = [desk, accuracy]

/** Beside the office: nobody signs in at a screen on a wall. */
export const screen = createRoute({
  getParentRoute: () => root,
  path: '/screen',
  component: lazyRouteComponent(() => import('../queue/ScreenPage.tsx'), 'ScreenPage'),
})
