import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { readCatalogueSearch } from '../catalogue/search.ts'
import { loadCatalogueWords } from '../catalogue/words.ts'
import { readDraftSearch } from '../channel-form/search.ts'
import { readAlertsSearch } from '../channels/alert-search.ts'
import { at } from './office.tsx'

const catalogue = createRoute({
  ...at('/catalogue'),
  validateSearch: readCatalogueSearch,
  component: lazyRouteComponent(async () => {
    await loadCatalogueWords()
    return import('../catalogue/CataloguePage.tsx')
  }, 'CataloguePage'),
})

const channels = createRoute({
  ...at('/channels'),
  component: lazyRouteComponent(() => import('../channels/ChannelsPage.tsx'), 'ChannelsPage'),
})

const channelAlerts = createRoute({
  ...at('/channels/alerts'),
  validateSearch: readAlertsSearch,
  component: lazyRouteComponent(() => import('../channels/AlertsPage.tsx'), 'AlertsPage'),
})

const channelRules = createRoute({
  ...at('/channels/rules'),
  component: lazyRouteComponent(() => import('../channels/RulesPage.tsx'), 'RulesPage'),
})

const newChannel = createRoute({
  ...at('/channels/new'),
  component: lazyRouteComponent(
    () => import('../channel-form/NewChannelPage.tsx'),
    'NewChannelPage',
  ),
})

const channelDraft = createRoute({
  ...at('/channels/drafts/$draftId'),
  validateSearch: readDraftSearch,
  component: lazyRouteComponent(() => import('../channel-form/DraftPage.tsx'), 'DraftPage'),
})

const channel = createRoute({
  ...at('/channels/$name'),
  component: lazyRouteComponent(() => import('../channels/ChannelPage.tsx'), 'ChannelPage'),
})

export const channelsRoutes = [
  catalogue,
  channels,
  channelAlerts,
  channelRules,
  newChannel,
  channelDraft,
  channel,
]
