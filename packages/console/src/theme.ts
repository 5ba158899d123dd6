import { type CSSVariablesResolver, createTheme } from '@mantine/core';

/** Shades that keep a contrast of 4.5 : 1 with their text, light and dark. WCAG 2.2 §1.4.3 */
export const THEME = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
});

/** A link reads in the dark also where the mouse is over its row. WCAG 2.2 §1.4.3 */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {},
  dark: { '--mantine-color-anchor': 'var(--mantine-color-indigo-3)' },
});

/** One colour for each realm, the same every time: people see where they are before they read it. */
export function colorOfRealm(realm: string): string {
  if (realm === 'root') return 'red';
  const colors = ['indigo', 'teal', 'grape', 'orange', 'cyan', 'pink', 'lime', 'violet'];
  let sum = 0;
  for (const character of realm) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9_973;
  return colors[sum % colors.length] ?? 'indigo';
}
