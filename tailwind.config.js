/** @type {import('tailwindcss').Config} */
const token = (name) => `var(--${name})`;

// The names of static/app.css's tokens as Tailwind keys. Everything else of Tailwind's palette is gone on purpose: a colour
// here is a state or an action, so there is none to decorate with.
module.exports = {
  content: ["./views/**/*.templ"],
  darkMode: ["selector", '[data-theme="dark"]'],
  theme: {
    colors: {
      transparent: "transparent",
      current: "currentColor",
      bg: token("bg"),
      side: token("side"),
      well: token("well"),
      line: { DEFAULT: token("line"), 2: token("line-2") },
      edge: token("edge"),
      ink: { DEFAULT: token("ink"), 2: token("ink-2"), 3: token("ink-3") },
      accent: { DEFAULT: token("accent"), fill: token("accent-fill"), soft: token("accent-soft") },
      ok: { DEFAULT: token("ok"), soft: token("ok-soft") },
      warn: { DEFAULT: token("warn"), soft: token("warn-soft") },
      bad: { DEFAULT: token("bad"), fill: token("bad-fill"), soft: token("bad-soft") },
      "on-fill": token("on-fill"),
    },
    fontFamily: { sans: token("sans"), mono: token("mono") },
    fontSize: {
      xs: ["0.75rem", "1rem"],
      sm: ["0.875rem", "1.25rem"],
      lg: ["1.25rem", "1.75rem"],
    },
    borderRadius: { sm: "4px", DEFAULT: "6px", lg: "8px", full: "9999px" },
    screens: { sm: "40.01rem", md: "56.01rem", lg: "70.01rem", xl: "78.01rem", "2xl": "90.01rem" },
  },
};
