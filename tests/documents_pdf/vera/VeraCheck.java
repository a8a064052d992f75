import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Locale;
import org.verapdf.core.VeraPDFException;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

/** One line a file and profile: `pass <profile> <checks> <file>` or `fail …`, then its reasons. */
public class VeraCheck {
    public static void main(String[] words) throws Exception {
        Locale.setDefault(Locale.ROOT);
        VeraGreenfieldFoundryProvider.initialise();
        for (String name : words[0].split(",")) {
            InputStream rules = Profiles.class.getResourceAsStream(
                    "/org/verapdf/pdfa/validation/PDF" + name + ".xml");
            ValidationProfile profile = Profiles.profileFromXml(rules);
            for (int at = 1; at < words.length; at++) {
                check(name, profile, words[at]);
            }
        }
    }

    private static void check(String name, ValidationProfile profile, String file)
            throws Exception {
        try (InputStream bytes = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance()
                        .createParser(bytes, profile.getPDFAFlavour());
                PDFAValidator validator = Foundries.defaultInstance()
                        .createValidator(profile, false)) {
            ValidationResult result = validator.validate(parser);
            System.out.println((result.isCompliant() ? "pass " : "fail ") + name + " "
                    + result.getTotalAssertions() + " " + file);
            for (TestAssertion one : result.getTestAssertions()) {
                if (one.getStatus() == TestAssertion.Status.FAILED) {
                    System.out.println("  " + one.getRuleId().getClause() + "-"
                            + one.getRuleId().getTestNumber() + " " + one.getMessage()
                            + " @ " + one.getLocation().getContext());
                }
            }
        } catch (VeraPDFException error) {
            System.out.println("fail " + name + " 0 " + file + "\n  " + error);
        }
    }
}
