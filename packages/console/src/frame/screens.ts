import {
  ActivityLogIcon,
  CalendarIcon,
  CubeIcon,
  DashboardIcon,
  ExclamationTriangleIcon,
  GearIcon,
  GlobeIcon,
  IdCardIcon,
  LayersIcon,
  Link2Icon,
  LockClosedIcon,
  MagicWandIcon,
  MixerHorizontalIcon,
  PersonIcon,
  PlayIcon,
  ReaderIcon,
  StackIcon,
  TableIcon,
} from '@radix-ui/react-icons';
import type { Permission } from '@tessera/server/contract';

/**
 * Every screen that can be gone to by its name, in its order: the navigation and the palette are
 * read from here. Without the permission a screen is not offered; who opens it all the same is told
 * what is missing.
 */
export const SECTIONS = [
  {
    title: 'Machines',
    screens: [
      { to: '/realms/$realm', label: 'Overview', icon: DashboardIcon, exact: true },
      { to: '/realms/$realm/applications', label: 'Applications', icon: CubeIcon },
      { to: '/realms/$realm/apis', label: 'APIs', icon: Link2Icon, needs: 'apis:read' },
      {
        to: '/realms/$realm/permissions',
        label: 'Permissions',
        icon: TableIcon,
        needs: 'client-grants:read',
      },
      { to: '/realms/$realm/playground', label: 'Playground', icon: PlayIcon },
      {
        to: '/realms/$realm/inspector',
        label: 'Inspector',
        icon: MagicWandIcon,
      },
    ],
  },
  {
    title: 'Realm',
    screens: [
      { to: '/realms/$realm/users', label: 'Identities', icon: PersonIcon, needs: 'users:read' },
      {
        to: '/realms/$realm/oauth2-provider',
        label: 'OAuth2 Provider',
        icon: GearIcon,
        needs: 'providers:read',
      },
      {
        to: '/realms/$realm/policies',
        label: 'Policies',
        icon: MixerHorizontalIcon,
        needs: 'providers:read',
      },
      {
        to: '/realms/$realm/signing-keys',
        label: 'Signing keys',
        icon: LockClosedIcon,
        needs: 'signing-keys:read',
      },
      {
        to: '/realms/$realm/trust',
        label: 'Trust',
        icon: IdCardIcon,
        needs: 'trust:read',
      },
      { to: '/realms/$realm/discovery', label: 'Discovery', icon: GlobeIcon, needs: 'realms:read' },
    ],
  },
  {
    title: 'What happened',
    screens: [
      {
        to: '/realms/$realm/audit',
        label: 'Audit log',
        icon: ActivityLogIcon,
        needs: 'events:read',
      },
      {
        to: '/realms/$realm/expiry',
        label: 'Expiry calendar',
        icon: CalendarIcon,
        needs: 'credentials:read',
      },
      {
        to: '/realms/$realm/errors',
        label: 'Errors',
        icon: ExclamationTriangleIcon,
        needs: 'events:read',
      },
    ],
  },
  {
    title: 'Server',
    screens: [
      { to: '/server/realms', label: 'Realms', icon: StackIcon, needs: 'realms:read' },
      {
        to: '/server/administrators',
        label: 'Administrators',
        icon: LockClosedIcon,
        needs: 'users:read',
      },
      {
        to: '/server/nodes',
        label: 'Nodes',
        icon: LayersIcon,
        needs: 'system:read',
        everyRealm: true,
      },
      { to: '/server/api-reference', label: 'API reference', icon: ReaderIcon },
    ],
  },
] as const satisfies readonly Section[];

type Section = {
  readonly title: string;
  readonly screens: readonly {
    readonly to: string;
    readonly label: string;
    readonly icon: typeof GearIcon;
    readonly needs?: Permission;
    /** Of the whole server: for administrators of the root realm. */
    readonly everyRealm?: true;
    /** Its address begins those of other screens. */
    readonly exact?: true;
  }[];
};

export type Screen = (typeof SECTIONS)[number]['screens'][number];

/** What is offered to somebody who may do this, in one realm or in all. */
export const screensFor = ({
  permissions,
  everyRealm,
}: {
  readonly permissions: readonly string[];
  readonly everyRealm: boolean;
}): readonly { readonly title: string; readonly screens: readonly Screen[] }[] =>
  SECTIONS.map(({ title, screens }) => ({
    title,
    screens: (screens as readonly Screen[]).filter(
      (screen) =>
        (!('needs' in screen) || permissions.includes(screen.needs)) &&
        (!('everyRealm' in screen) || everyRealm),
    ),
  })).filter(({ screens }) => screens.length > 0);
