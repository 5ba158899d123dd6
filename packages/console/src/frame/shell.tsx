import {
  ActionIcon,
  AppShell,
  Box,
  Burger,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import {
  ExitIcon,
  MagnifyingGlassIcon,
  MoonIcon,
  PersonIcon,
  SunIcon,
} from '@radix-ui/react-icons';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { call } from '../api/call.ts';
import { loadPart } from '../api/connection.ts';
import { type Session, useSession } from '../session/use-session.ts';
import { colorOfRealm } from '../theme.ts';
import { ConnectionBanner, useLostConnection } from './connection-banner.tsx';
import { Mark } from './mark.tsx';
import { RealmSwitch } from './realm-switch.tsx';
import { screensFor } from './screens.ts';
import { SessionWatch } from './session-watch.tsx';
import { useRealm } from './use-realm.ts';

/** After the rest of the screen: it is a good part of the console. */
const Palette = lazy(async () => ({
  default: (await loadPart(() => import('./palette.tsx'))).Palette,
}));

const BAR = 56;
/** Above and below it. */
const EDGES = 4;
/** With what is said when the server does not answer. */
const LOST_BARS = { base: 144, sm: 100 } as const;

const openPalette = async () => (await import('@mantine/spotlight')).openSpotlight();

/** What is around each screen of somebody signed in: where one can go, in which realm, and who one is. */
export function Shell({ session }: { readonly session: Session }) {
  const [opened, { toggle, close }] = useDisclosure();
  const realm = useRealm();
  const color = colorOfRealm(realm);
  // Where people begin is looked up first: until then, no screen is that of their realm.
  const chosen = useRouterState({ select: ({ matches }) => matches.at(-1)?.routeId !== '/' });
  const lostAt = useLostConnection();
  // Also while somebody types in a form.
  useHotkeys([['mod+K', openPalette]], []);
  return (
    <AppShell
      header={{ height: lostAt === undefined ? BAR : LOST_BARS }}
      navbar={{ width: 250, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="lg"
      // A screen is where it belongs at once, also while a window changes its width.
      transitionDuration={0}
    >
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <AppShell.Header style={{ borderTop: `3px solid var(--mantine-color-${color}-6)` }}>
        <Group h={BAR - EDGES} px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Navigation"
            />
            <Mark size={24} />
            <Text fw={700} visibleFrom="xs">
              Tessera
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Tooltip label="Search, Ctrl K">
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label="Search"
                onClick={openPalette}
              >
                <MagnifyingGlassIcon />
              </ActionIcon>
            </Tooltip>
            <ColorScheme />
            <Person session={session} />
          </Group>
        </Group>
        {lostAt !== undefined && (
          <Box h={{ base: LOST_BARS.base - BAR, sm: LOST_BARS.sm - BAR }}>
            <ConnectionBanner lostAt={lostAt} />
          </Box>
        )}
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Screens">
        {chosen && (
          <>
            <RealmSwitch />
            <AppShell.Section grow component={ScrollArea} mt="sm">
              <Screens realm={realm} onChoose={close} />
            </AppShell.Section>
          </>
        )}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
      {chosen && (
        <Suspense>
          <Palette realm={realm} />
        </Suspense>
      )}
      <SessionWatch session={session} />
    </AppShell>
  );
}

function Screens({ realm, onChoose }: { readonly realm: string; readonly onChoose: () => void }) {
  const session = useSession();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return screensFor(session).map(({ title, screens }) => (
    <Box key={title} component="section" aria-label={title} mb="sm">
      <Text size="xs" fw={600} c="dimmed" px="sm" mb={2} aria-hidden>
        {title}
      </Text>
      {screens.map((screen) => {
        const { to, label, icon: Icon } = screen;
        const exact = 'exact' in screen;
        const address = to.replace('$realm', encodeURIComponent(realm));
        const active = exact
          ? path === address || path === `${address}/`
          : path === address || path.startsWith(`${address}/`);
        return (
          <NavLink
            key={to}
            renderRoot={(props) => (
              <Link to={to} params={{ realm }} activeOptions={{ exact }} {...props} />
            )}
            label={label}
            leftSection={<Icon />}
            // All of it is seen at once in a window of the usual height.
            py={5}
            active={active}
            aria-current={active ? 'page' : undefined}
            onClick={onChoose}
          />
        );
      })}
    </Box>
  ));
}

function ColorScheme() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const label = dark ? 'Light colours' : 'Dark colours';
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        {dark ? <SunIcon /> : <MoonIcon />}
      </ActionIcon>
    </Tooltip>
  );
}

function Person({ session }: { readonly session: Session }) {
  const client = useQueryClient();
  const signOut = async () => {
    await call('closeSession').catch(() => undefined);
    // What the next person may see is asked anew.
    client.clear();
    window.location.assign(BASE_PATH);
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          radius="xl"
          size="lg"
          aria-label={`Signed in as ${session.name}`}
        >
          <PersonIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.name} · {session.realm}
          <br />
          {session.roles.length > 0 ? session.roles.join(', ') : 'application owner'}
        </Menu.Label>
        <Menu.Item leftSection={<ExitIcon />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
